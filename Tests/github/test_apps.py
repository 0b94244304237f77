"""The way of an App from its key to a token, and what such a token is good for."""

import base64
import json
import subprocess
import time

from support import GitHubTest


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Apps(GitHubTest):
    """One key for all of them, as making one takes long."""

    key = None

    def setUp(self):
        super().setUp()
        if Apps.key is None:
            private = self.control("app", slug="factory", permissions={"contents": "write", "issues": "read"})[
                "private_key"
            ]
            public = subprocess.run(
                ["openssl", "pkey", "-pubout"], input=private, capture_output=True, text=True, check=True
            )
            Apps.key = private, public.stdout
        else:
            self.control(
                "app", slug="factory", permissions={"contents": "write", "issues": "read"}, public_key=Apps.key[1]
            )
        self.id = next(one.id for one in self.world.apps.values() if one.slug == "factory")
        (self.folder / "key.pem").write_text(Apps.key[0])

    def jwt(self, algorithm="RS256", **claims) -> str:
        now = int(time.time())
        claims = {"iat": now - 60, "exp": now + 540, "iss": self.id, **claims}
        text = ".".join(encoded(json.dumps(part).encode()) for part in ({"alg": algorithm, "typ": "JWT"}, claims))
        command = ["openssl", "dgst", "-sha256", "-sign", str(self.folder / "key.pem")]
        return f"{text}.{encoded(subprocess.run(command, input=text.encode(), capture_output=True, check=True).stdout)}"

    def mint(self, **body) -> dict:
        installation = self.ok("GET", "installation", token=self.jwt())["id"]
        return self.ok("POST", f"/app/installations/{installation}/access_tokens", body, token=self.jwt())

    def test_a_signed_claim_is_accepted(self):
        self.assertEqual(self.ok("GET", "/app", token=self.jwt())["slug"], "factory")
        self.assertEqual(self.ok("GET", "/app", token=self.jwt(iss=str(self.id)))["id"], self.id)
        self.assertEqual(len(self.ok("GET", "/app/installations", token=self.jwt())), 1)

    def test_a_wrong_claim_is_refused(self):
        now = int(time.time())
        for claims in ({"exp": now - 1}, {"exp": now + 3600}, {"iat": now + 3600}, {"iss": 1}, {"iss": None}):
            self.assertIn(
                "JSON web token" if "iss" in claims else "claim",
                self.refused(401, "GET", "/app", token=self.jwt(**claims)),
            )
        self.refused(401, "GET", "/app", token=self.jwt(algorithm="none"))

    def test_a_changed_claim_is_refused(self):
        head, _, signature = self.jwt().split(".")
        forged = encoded(json.dumps({"iat": 0, "exp": int(time.time()) + 60, "iss": self.id}).encode())
        self.refused(401, "GET", "/app", token=f"{head}.{forged}.{signature}")

    def test_it_is_good_for_the_app_only_and_other_tokens_are_not(self):
        self.refused(401, "GET", "", token=self.jwt())
        self.refused(401, "GET", "installation", who="ada")

    def test_a_token_lives_an_hour(self):
        told = self.mint()
        self.assertEqual(told["permissions"], {"contents": "write", "issues": "read"})
        self.ok("GET", "", token=told["token"])
        self.control("clock", advance=3601)
        self.refused(401, "GET", "", token=told["token"])
        self.ok("GET", "", token=self.mint()["token"])

    def test_it_can_be_narrowed_and_not_widened(self):
        told = self.mint(permissions={"contents": "read"}, repositories=["widgets"])
        self.assertEqual(told["repository_selection"], "selected")
        sha = self.repository.git.tip("main")
        self.refused(403, "POST", "git/refs", {"ref": "refs/heads/x", "sha": sha}, token=told["token"])
        installation = self.ok("GET", "installation", token=self.jwt())["id"]
        path = f"/app/installations/{installation}/access_tokens"
        self.refused(422, "POST", path, {"permissions": {"issues": "write"}}, token=self.jwt())
        self.refused(422, "POST", path, {"repositories": ["nothing"]}, token=self.jwt())
        self.refused(404, "POST", "/app/installations/1/access_tokens", {}, token=self.jwt())

    def test_it_acts_as_the_bot(self):
        number = self.pull()
        token = self.installation("bot", issues="write")
        told = self.ok("POST", f"issues/{number}/comments", {"body": "x"}, token=token)
        self.assertEqual((told["user"]["login"], told["user"]["type"]), ("bot[bot]", "Bot"))

    def test_a_token_can_be_revoked(self):
        token = self.installation()
        self.act("revoke-token", token=token)
        self.refused(401, "GET", "", token=token)
