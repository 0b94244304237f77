"""Labels, comments, and the timeline."""

from support import GitHubTest


class Labels(GitHubTest):
    def setUp(self):
        super().setUp()
        self.number = self.pull(labels=["State:Plan"])
        self.path = f"issues/{self.number}/labels"

    def names(self):
        return [one["name"] for one in self.ok("GET", self.path)]

    def changes(self):
        return [
            (one["event"], one["label"]["name"])
            for one in self.repository.issues[self.number].timeline
            if "label" in one
        ]

    def test_names_ignore_case_and_adding_what_is_there_is_no_event(self):
        self.ok("POST", self.path, {"labels": ["state:PLAN"]})
        self.assertEqual(self.names(), ["State:Plan"])
        self.assertEqual(self.changes(), [("labeled", "State:Plan")])
        self.assertEqual(len(self.ok("GET", "issues?labels=STATE%3Aplan")), 1)

    def test_an_unknown_label_is_made(self):
        self.ok("POST", self.path, {"labels": ["new one"]})
        self.assertEqual(self.ok("GET", "labels/NEW%20ONE")["color"], "ededed")

    def test_a_put_is_recorded_one_by_one_with_its_actor(self):
        self.ok("PUT", self.path, {"labels": ["a", "b"]})
        self.assertEqual(self.changes()[1:], [("unlabeled", "State:Plan"), ("labeled", "a"), ("labeled", "b")])
        timeline = self.ok("GET", f"issues/{self.number}/timeline", who="dora")
        self.assertEqual([one["actor"]["login"] for one in timeline if one["event"] == "unlabeled"], ["ben"])

    def test_removing_what_is_not_there_is_404(self):
        self.ok("DELETE", f"{self.path}/state%3Aplan")
        self.assertIn("Label does not exist", self.refused(404, "DELETE", f"{self.path}/state%3Aplan"))
        self.assertEqual(self.names(), [])

    def test_all_can_be_removed(self):
        self.assertEqual(self.ask("DELETE", self.path).status, 204)
        self.assertEqual(self.names(), [])

    def test_the_forms_of_a_body_are_taken(self):
        for body in (["x"], {"labels": [{"name": "x"}]}, "x"):
            self.ok("PUT", self.path, body)
            self.assertEqual(self.names(), ["x"])

    def test_limits_that_the_schema_does_not_know(self):
        self.refused(422, "POST", self.path, {"labels": ["x" * 51]})
        self.refused(422, "POST", "labels", {"name": "x", "color": "#ffffff"})
        self.refused(422, "POST", "labels", {"name": "x", "description": "d" * 101})
        self.refused(422, "PUT", self.path, {"labels": [str(one) for one in range(101)]})
        self.assertEqual(self.names(), ["State:Plan"])

    def test_a_label_is_made_once_and_can_be_renamed(self):
        self.ok("POST", "labels", {"name": "one", "color": "ff0000", "description": "d"})
        self.assertIn("already_exists", self.refused(422, "POST", "labels", {"name": "ONE"}))
        self.ok("PATCH", "labels/state%3Aplan", {"new_name": "two"})
        self.assertEqual(self.names(), ["two"])

    def test_the_list_holds_issues_and_pull_requests(self):
        self.act("open-issue", title="A report")
        found = self.ok("GET", "issues")
        self.assertEqual(["pull_request" in one for one in found], [False, True])
        self.assertEqual(self.ok("GET", "issues?labels=state%3Aplan%2Cother"), [])


class Comments(GitHubTest):
    def test_they_come_in_order_and_can_be_changed(self):
        number = self.pull()
        ids = [self.ok("POST", f"issues/{number}/comments", {"body": text})["id"] for text in "ab"]
        self.ok("PATCH", f"issues/comments/{ids[0]}", {"body": "c"})
        found = self.ok("GET", f"issues/{number}/comments")
        self.assertEqual([(one["id"], one["body"]) for one in found], [(ids[0], "c"), (ids[1], "b")])
        self.assertEqual(self.ask("DELETE", f"issues/comments/{ids[0]}").status, 204)
        self.assertEqual(len(self.ok("GET", f"issues/{number}/comments")), 1)

    def test_a_long_one_and_an_empty_one_are_refused(self):
        number = self.pull()
        self.ok("POST", f"issues/{number}/comments", {"body": "x" * 65536})
        self.assertIn("body is too long", self.refused(422, "POST", f"issues/{number}/comments", {"body": "x" * 65537}))
        self.refused(422, "POST", f"issues/{number}/comments", {"body": " "})

    def test_another_ones_comment_needs_the_right_to_write(self):
        number = self.pull()
        one = self.act("comment", number=number, body="mine", **{"as": "ada"})["id"]
        self.refused(403, "PATCH", f"issues/comments/{one}", {"body": "yours"}, who="cleo")
        self.ok("PATCH", f"issues/comments/{one}", {"body": "ours"})

    def test_since_leaves_out_what_is_old(self):
        number = self.pull()
        self.act("comment", number=number, body="old")
        self.control("clock", advance=100)
        since = self.look("time")["text"]
        self.act("comment", number=number, body="new")
        self.assertEqual([one["body"] for one in self.ok("GET", f"issues/{number}/comments?since={since}")], ["new"])

    def test_the_timeline_tells_who_did_what(self):
        number = self.pull()
        self.act("comment", number=number, body="hm", **{"as": "dora"})
        self.act("close", number=number)
        found = self.ok("GET", f"issues/{number}/timeline")
        self.assertEqual(
            [(one["event"], one["actor"]["login"]) for one in found], [("commented", "dora"), ("closed", "acme")]
        )


class Issues(GitHubTest):
    def test_one_is_opened_and_edited_in_place(self):
        made = self.ok("POST", "issues", {"title": "A report", "body": "first", "labels": ["daily"]}, who="dora")
        self.assertNotIn("pull_request", made)
        edited = self.ok("PATCH", f"issues/{made['number']}", {"body": "second"}, who="dora")
        self.assertEqual((edited["title"], edited["body"], edited["user"]["login"]), ("A report", "second", "dora"))
        self.assertEqual(self.ok("PATCH", f"issues/{made['number']}", {"state": "closed"})["state"], "closed")

    def test_another_ones_needs_the_right_to_write(self):
        number = self.ok("POST", "issues", {"title": "A report"}, who="ada")["number"]
        self.refused(403, "PATCH", f"issues/{number}", {"body": "mine"}, who="mallory")
        self.refused(422, "PATCH", f"issues/{number}", {"body": "x" * 65537})

    def test_a_person_is_told_who_asks_and_an_app_is_not(self):
        self.assertEqual(self.ok("GET", "/user", who="dora")["login"], "dora")
        token = self.control("token", kind="installation", slug="line", permissions={})["token"]
        self.assertEqual(self.ask("GET", "/user", token=token).status, 403)

    def test_what_was_said_stands_in_the_timeline_under_its_own_id_until_it_is_deleted(self):
        number = self.pull()
        first = self.act("comment", number=number, body="one")["id"]
        second = self.ok("POST", f"issues/{number}/comments", {"body": "two"})["id"]

        def said():
            found = self.ok("GET", f"issues/{number}/timeline")
            return [one["id"] for one in found if one["event"] == "commented"]

        self.assertEqual(said(), [first, second])
        before = self.repository.issues[number].updated
        self.act("delete-comment", id=first)
        self.ok("DELETE", f"issues/comments/{second}")
        self.assertEqual(said(), [])
        self.assertGreater(self.repository.issues[number].updated, before)
