"""The validator, the matching of operations, and the filling of answers."""

import unittest

from fake import operations
from fake.auth import JWT_ONLY, NEEDS, READS
from fake.call import HANDLERS
from fake.schema import Description
from fake.service import SCHEMA

DESCRIPTION = Description(SCHEMA)


class Validator(unittest.TestCase):
    def faults(self, schema, value):
        return [str(one) for one in DESCRIPTION.faults(schema, value)]

    def test_each_keyword_accepts_and_refuses(self):
        cases = [
            ({"type": "integer"}, 3, True, "3", 3.5, None),
            ({"type": "string"}, "a", 1),
            ({"type": "boolean"}, False, 0),
            ({"type": "null"}, None, ""),
            ({"type": "number", "minimum": 1, "maximum": 2}, 1.5, 0.5, 2.5),
            ({"type": "string", "minLength": 1, "maxLength": 2}, "ab", "", "abc"),
            ({"enum": ["a", "b"]}, "a", "c"),
            ({"type": "string", "format": "date-time"}, "2026-01-01T00:00:00Z", "2026-01-01"),
            ({"type": "string", "format": "date"}, "2026-01-01", "yesterday"),
            ({"type": "array", "items": {"type": "string"}}, ["a"], [1], {}),
            ({"anyOf": [{"type": "string"}, {"type": "null"}]}, None, 1),
        ]
        for schema, good, *bad in cases:
            self.assertEqual(self.faults(schema, good), [], schema)
            for value in bad:
                self.assertNotEqual(self.faults(schema, value), [], (schema, value))

    def test_a_missing_property_and_a_wrong_one_are_named_with_their_place(self):
        schema = {"type": "object", "required": ["a"], "properties": {"b": {"items": {"type": "integer"}}}}
        self.assertEqual(self.faults(schema, {"b": [1, "x"]}), ["the value: lacks a", ".b[1]: is str, not integer"])

    def test_references_are_followed(self):
        reference = {"$ref": "#/components/schemas/GitRef"}
        self.assertIn("the value: lacks object", self.faults(reference, {"ref": "", "node_id": "", "url": ""}))

    def test_of_alternatives_the_one_that_came_furthest_is_reported(self):
        schema = {"anyOf": [{"type": "null"}, {"type": "object", "properties": {"a": {"type": "string"}}}]}
        self.assertEqual(self.faults(schema, {"a": 1}), [".a: is int, not string"])


class Matching(unittest.TestCase):
    def matched(self, method, path):
        operation, parameters = DESCRIPTION.match(method, path)
        return operation.id, parameters

    def test_wide_parameters_contain_slashes_and_others_do_not(self):
        name, parameters = self.matched("GET", "/repos/a/b/git/ref/heads/factory/x")
        self.assertEqual((name, parameters["ref"]), ("git/get-ref", "heads/factory/x"))
        self.assertIsNone(DESCRIPTION.match("GET", "/repos/a/b/labels/x/y"))

    def test_the_more_literal_template_wins(self):
        self.assertEqual(self.matched("GET", "/repos/a/b/branches/x/protection")[0], "repos/get-branch-protection")
        self.assertEqual(self.matched("GET", "/repos/a/b/commits/x/y/check-runs")[0], "checks/list-for-ref")

    def test_parameters_are_decoded(self):
        self.assertEqual(self.matched("GET", "/repos/a/b/labels/state%3Aplan")[1]["name"], "state:plan")

    def test_another_method_or_path_is_outside(self):
        self.assertIsNone(DESCRIPTION.match("DELETE", "/repos/a/b"))
        self.assertIsNone(DESCRIPTION.match("GET", "/emojis"))


class Filling(unittest.TestCase):
    def test_the_neutral_answer_of_every_operation_fits_its_schema(self):
        for operation in DESCRIPTION.operations:
            for status in operation.responses:
                if schema := operation.response_schema(int(status)):
                    value = DESCRIPTION.neutral(schema)
                    self.assertEqual(DESCRIPTION.faults(schema, value), [], operation.id)

    def test_what_is_given_stays(self):
        filled = DESCRIPTION.filled(
            {"$ref": "#/components/schemas/GitRef"}, {"ref": "refs/heads/main", "object": {"sha": "1"}}
        )
        self.assertEqual((filled["ref"], filled["object"]["sha"], filled["url"]), ("refs/heads/main", "1", ""))

    def test_the_fields_of_all_alternatives_are_known(self):
        operation, _ = DESCRIPTION.match("POST", "/repos/a/b/check-runs")
        self.assertLessEqual({"name", "conclusion", "output"}, DESCRIPTION.fields(operation.body))
        self.assertIsNone(DESCRIPTION.fields({"type": "object", "properties": {}}))


class Completeness(unittest.TestCase):
    def test_every_operation_is_answered_and_has_its_rights(self):
        self.assertIsNotNone(operations)
        ids = {one.id for one in DESCRIPTION.operations}
        self.assertEqual(set(HANDLERS), ids)
        unguarded = {one for one in ids - set(NEEDS) - JWT_ONLY if one.partition("/")[0] not in READS}
        self.assertEqual(unguarded, set())
        self.assertEqual(set(NEEDS) - ids, set())


if __name__ == "__main__":
    unittest.main()
