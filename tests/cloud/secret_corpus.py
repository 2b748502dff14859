"""Source and configuration files with planted secrets, made from a seed.

The values follow the public formats of each vendor; none is written down here, so that no scanner
of this repository finds one. `look_alikes.py` makes the innocent counterparts.
"""

from __future__ import annotations

import base64
import json
import random
import string
from collections.abc import Callable, Iterable
from dataclasses import dataclass

DIGITS = "123456789"
LETTERS = string.ascii_letters
ALNUM = LETTERS + string.digits
LOWER = string.ascii_lowercase + string.digits
UPPER = string.ascii_uppercase + string.digits
HEX = "0123456789abcdef"
BASE64 = ALNUM + "+/"
URL_SAFE = ALNUM + "-_"
BECH32 = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"
WORDS = [
    "amber", "anchor", "autumn", "badger", "basket", "beacon", "birch", "bridge", "candle",
    "canyon", "cedar", "copper", "coral", "cricket", "dragon", "ember", "falcon", "feather",
    "forest", "garden", "glacier", "harbor", "hazel", "island", "jungle", "lantern", "lemon",
    "maple", "marble", "meadow", "monkey", "mountain", "nectar", "ocean", "orchid", "pepper",
    "planet", "quartz", "raven", "river", "rocket", "saddle", "silver", "spider", "summer",
    "sunset", "thunder", "tiger", "tulip", "velvet", "violet", "walnut", "willow", "winter",
    "yellow", "zebra",
]  # fmt: skip

Make = Callable[[random.Random], str]


@dataclass(frozen=True)
class Mark:
    """A stretch of a file that is a secret, or looks like one."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class CorpusFile:
    path: str
    text: str
    marks: tuple[Mark, ...]


class Draft:
    """A file being written, which remembers where the marked values went."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._parts: list[str] = []
        self._marks: list[Mark] = []
        self._length = 0

    def add(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def add_marked(self, pattern: str, kind: str, value: str) -> None:
        """Adds the pattern with the value, marked, in place of every `@@`."""
        head, *tails = pattern.split("@@")
        self.add(head)
        for tail in tails:
            self._marks.append(Mark(kind, self._length, self._length + len(value)))
            self.add(value)
            self.add(tail)

    def finish(self) -> CorpusFile:
        return CorpusFile(self.path, "".join(self._parts), tuple(self._marks))


def chars(alphabet: str, n: int) -> Make:
    return lambda rng: "".join(rng.choices(alphabet, k=n))


def joined(*parts: str | Make) -> Make:
    return lambda rng: "".join(part if isinstance(part, str) else part(rng) for part in parts)


def one_of(*makes: Make) -> Make:
    return lambda rng: rng.choice(makes)(rng)


def any_of(*values: str) -> Make:
    return lambda rng: rng.choice(values)


def _jwt(rng: random.Random) -> str:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    claims = {"sub": str(rng.randrange(10**9)), "iat": rng.randrange(10**9, 2 * 10**9)}
    signature = base64.urlsafe_b64encode(rng.randbytes(32)).decode().rstrip("=")
    return f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part(claims)}.{signature}"


def _base64_bytes(n: int) -> Make:
    return lambda rng: base64.b64encode(rng.randbytes(n)).decode()


def armored(label: str, n_bytes: int, rng: random.Random, headers: str = "") -> str:
    """PEM or OpenPGP armour round random bytes."""
    body = base64.b64encode(rng.randbytes(n_bytes)).decode()
    lines = [body[i : i + 64] for i in range(0, len(body), 64)]
    dashes = "-" * 5
    first, last = f"{dashes}BEGIN {label}{dashes}", f"{dashes}END {label}{dashes}"
    return "\n".join([first, *([headers] if headers else []), *lines, last])


def private_key(rng: random.Random) -> str:
    label = rng.choice(["RSA ", "EC ", "OPENSSH ", "", "ENCRYPTED ", "DSA "]) + "PRIVATE KEY"
    return armored(label, rng.choice([120, 400, 1190]), rng)


def _pgp_private_key(rng: random.Random) -> str:
    return armored("PGP PRIVATE KEY " + "BLOCK", 700, rng, headers="Version: GnuPG v2\n")


def _putty_key(rng: random.Random) -> str:
    def lines(n: int) -> str:
        return "\n".join(chars(BASE64, 64)(rng) for _ in range(n))

    return (
        f"PuTTY-User-Key-File-{rng.choice('23')}: ssh-rsa\nEncryption: none\nComment: deploy\n"
        f"Public-Lines: 6\n{lines(6)}\nPrivate-Lines: 14\n{lines(14)}\n"
        f"Private-MAC: {chars(HEX, 40)(rng)}"
    )


def password(rng: random.Random) -> str:
    """What people type: words, digits and a sign, or what a generator of passwords gives."""
    first, second = rng.sample(WORDS, 2)
    digits, sign = str(rng.randrange(10, 9999)), rng.choice("!@$%&*?+.^~")
    return rng.choice(
        [
            f"{first.capitalize()}{digits}{sign}",
            f"{first}{sign}{second}{digits}",
            f"{first}-{second}-{rng.choice(WORDS)}-{digits}",
            f"{first.capitalize()}{sign}{second.capitalize()}",
            f"{first}{digits}",
            first.replace("a", "4").replace("e", "3").replace("o", "0") + digits + sign,
            "".join(rng.choices(ALNUM + "!*-_.", k=rng.randrange(10, 24))),
        ]
    )


def _plain_password(rng: random.Random) -> str:
    """A password that stands in a URL or a file of fields as it is."""
    return "".join(character for character in password(rng) if character in ALNUM + "-_.~!*")


@dataclass(frozen=True)
class Token:
    """A secret with a form of its own, and the names it is given in code."""

    kind: str
    make: Make
    names: tuple[str, ...]
    bare: bool = True
    """Whether it is known for a secret also where nothing near it says so."""


def _token(kind: str, make: Make, names: str, bare: bool = True) -> Token:
    return Token(kind, make, tuple(names.split()), bare)


TOKENS = (
    _token(
        "aws-access-key",
        joined(any_of("AKIA", "ASIA"), chars(UPPER[:26] + "234567", 16)),
        "aws_access_key_id access_key aws_key",
    ),
    _token(
        "aws-secret-key", chars(BASE64, 40), "aws_secret_access_key aws_secret secret_key", False
    ),
    _token(
        "github-token",
        joined(any_of("ghp_", "gho_", "ghs_"), chars(ALNUM, 36)),
        "github_token gh_pat token",
    ),
    _token(
        "github-fine-grained",
        joined("github_pat_", chars(ALNUM, 22), "_", chars(ALNUM, 59)),
        "github_token gh_auth",
    ),
    _token("gitlab-token", joined("glpat-", chars(URL_SAFE, 20)), "gitlab_token ci_token pat"),
    _token(
        "slack-token",
        joined("xoxb-", chars(DIGITS, 12), "-", chars(DIGITS, 13), "-", chars(ALNUM, 24)),
        "slack_token bot_token slack",
    ),
    _token(
        "slack-webhook",
        joined(
            "https://hooks.slack.com/services/T", chars(UPPER, 10), "/B", chars(UPPER, 10), "/",
            chars(ALNUM, 24),
        ),
        "slack_url notify_url hook",
    ),
    _token(
        "discord-webhook",
        joined("https://discord.com/api/webhooks/", chars(DIGITS, 18), "/", chars(URL_SAFE, 68)),
        "discord_url alert_hook",
    ),
    _token(
        "teams-webhook",
        joined(
            "https://contoso.webhook.office.com/webhookb2/", chars(HEX, 8), "-", chars(HEX, 4),
            "-4", chars(HEX, 3), "-a", chars(HEX, 3), "-", chars(HEX, 12), "/IncomingWebhook/",
            chars(HEX, 32), "/", chars(HEX, 8), "-", chars(HEX, 4), "-4", chars(HEX, 3), "-a",
            chars(HEX, 3), "-", chars(HEX, 12),
        ),
        "teams_url hook",
    ),
    _token(
        "discord-bot",
        joined("M", chars(ALNUM, 23), ".", chars(ALNUM, 6), ".", chars(URL_SAFE, 27)),
        "discord_token bot_token",
    ),
    _token(
        "stripe-key",
        one_of(
            joined("sk_live_", chars(ALNUM, 24)),
            joined("sk_live_51", chars(ALNUM, 97)),
            joined("rk_live_", chars(ALNUM, 24)),
            joined("sk_test_", chars(ALNUM, 24)),
        ),
        "stripe_key stripe_api_key payment_key",
    ),
    _token(
        "openai-key",
        one_of(
            joined("sk-", chars(ALNUM, 20), "T3Blbk", "FJ", chars(ALNUM, 20)),
            joined("sk-proj-", chars(URL_SAFE, 73), "A", "T3Blbk", "FJ", chars(URL_SAFE, 73), "A"),
        ),
        "openai_api_key openai_key llm_key",
    ),
    _token(
        "anthropic-key",
        joined("sk-ant-", "api03-", chars(URL_SAFE, 93), "AA"),
        "anthropic_api_key claude_key",
    ),
    _token("google-api-key", joined("AIza", "Sy", chars(URL_SAFE, 33)), "google_api_key maps_key"),
    _token(
        "google-oauth-secret", joined("GOCSPX-", chars(URL_SAFE, 28)), "client_secret google_secret"
    ),
    _token("npm-token", joined("npm_", chars(ALNUM, 36)), "npm_token node_auth_token"),
    _token("pypi-token", joined("pypi-", "AgEIcHlwaS5vcmc", chars(URL_SAFE, 150)), "pypi_token"),
    _token(
        "sendgrid-key",
        joined("SG.", chars(URL_SAFE, 22), ".", chars(URL_SAFE, 43)),
        "sendgrid_api_key mail_key",
    ),
    _token("twilio-key", joined("SK", chars(HEX, 32)), "twilio_api_key sms_key"),
    _token("twilio-auth-token", chars(HEX, 32), "twilio_auth_token auth_token", False),
    _token("mailgun-key", joined("key-", chars(HEX, 32)), "mailgun_api_key mailgun"),
    _token("mailchimp-key", joined(chars(HEX, 32), "-us", chars("123456789", 1)), "mailchimp_key"),
    _token(
        "telegram-token",
        joined(chars("123456789", 10), ":AA", chars(URL_SAFE, 33)),
        "telegram_token bot_token",
    ),
    _token(
        "azure-client-secret",
        joined(chars(ALNUM, 3), "8Q~", chars(ALNUM + "_~.-", 34)),
        "client_secret azure_client_secret",
    ),
    _token("databricks-token", joined("dapi", chars(HEX, 32)), "databricks_token token"),
    _token("digitalocean-token", joined("dop_v1_", chars(HEX, 64)), "do_token digitalocean_token"),
    _token("huggingface-token", joined("hf_", chars(LETTERS, 34)), "hf_token hub_token"),
    _token("vault-token", joined("hvs.", chars(URL_SAFE, 95)), "vault_token token"),
    _token("shopify-token", joined("shpat_", chars(HEX, 32)), "shopify_token access_token"),
    _token("linear-key", joined("lin_api_", chars(ALNUM, 40)), "linear_key"),
    _token("doppler-token", joined("dp.pt.", chars(ALNUM, 43)), "doppler_token"),
    _token("newrelic-key", joined("NRAK-", chars(UPPER, 27)), "newrelic_key"),
    _token("grafana-token", joined("glsa_", chars(ALNUM, 32), "_", chars(HEX, 8)), "grafana_token"),
    _token("docker-token", joined("dckr_pat_", chars(URL_SAFE, 27)), "docker_pat registry_token"),
    _token("rubygems-key", joined("rubygems_", chars(HEX, 48)), "gem_key"),
    _token("planetscale-token", joined("pscale_tkn_", chars(URL_SAFE, 43)), "pscale_token"),
    _token("postman-key", joined("PMAK-", chars(HEX, 24), "-", chars(HEX, 34)), "postman_key"),
    _token("square-token", joined("sq0atp-", chars(URL_SAFE, 22)), "square_token"),
    _token(
        "airtable-token", joined("pat", chars(ALNUM, 14), ".", chars(HEX, 64)), "airtable_token pat"
    ),
    _token(
        "age-key", joined("AGE-SECRET-", "KEY-1", chars(BECH32, 58)), "age_key sops_key identity"
    ),
    _token("jwt", _jwt, "id_token session_jwt access_token"),
    _token("generic-hex", one_of(chars(HEX, 32), chars(HEX, 40), chars(HEX, 64)),
           "api_key signing_secret auth_token encryption_key webhook_secret app_secret", False),
    _token("generic-base62", one_of(chars(ALNUM, 24), chars(ALNUM, 32), chars(ALNUM, 43)),
           "api_key client_secret access_token refresh_token private_token session_secret", False),
    _token("generic-base64", one_of(_base64_bytes(32), _base64_bytes(48)),
           "secret_key hmac_secret jwt_secret cookie_secret master_key api_secret", False),
    _token("high-entropy", one_of(chars(ALNUM, 40), chars(URL_SAFE, 43), chars(BASE64, 44)),
           "value handle cfg data"),
    _token("password", password, "password db_password passwd admin_password pwd smtp_pass "
           "passphrase root_password", False),
    _token("django-secret", chars(string.ascii_lowercase + string.digits + "!@$%^&*(-_=+)", 50),
           "secret_key", False),
)  # fmt: skip

PYTHON = (
    '$N = "@@"\n',
    "$n = '@@'\n",
    'config = {"host": "db1", "$n": "@@", "port": 5432}\n',
    'client = Client(region, $n="@@", timeout=30)\n',
    'os.environ["$N"] = "@@"\n',
    "def connect(host, $n='@@'):\n    return Session(host, $n)\n",
    'class Settings:\n    $n: str = "@@"  # rotate in June\n',
    'if args.$n == "@@":\n    grant()\n',
    'session.headers.update({"X-Api-Key": "a", "$n": "@@"})\n',
    'monkeypatch.setenv("$N", "@@")\n',
    '$n = os.getenv("$N", "@@")\n',
)
JAVASCRIPT = (
    'const $c = "@@";\n',
    "module.exports = { retries: 3, $c: '@@' };\n",
    "process.env.$N = '@@';\n",
    'const client = new Client({ region, "$n": "@@" });\n',
    "let $c = process.env.$N || '@@';\n",
    "  $c: `@@`,\n",
)
OTHERS = {
    "config/app.go": (
        'const $C = "@@"\n',
        'cfg := Config{$C: "@@", Debug: true}\n',
        '$c := "@@"\n',
        'os.Setenv("$N", "@@")\n',
    ),
    "src/main/java/App.java": (
        'private static final String $N = "@@";\n',
        'props.put("$n", "@@");\n',
        'builder.set$C("@@").build();\n',
    ),
    "src/lib.rs": (
        'const $N: &str = "@@";\n',
        'let $n = String::from("@@");\n',
        'let client = Client { $n: "@@".to_string() };\n',
    ),
    "src/config.h": ('#define $N "@@"\n', 'static const char *$n = "@@";\n'),
    "app/config.php": ("define('$N', '@@');\n", "'$n' => '@@',\n", '$$n = "@@";\n'),
    "config/initializers/app.rb": (
        "ENV['$N'] ||= '@@'\n",
        'config.$n = "@@"\n',
        ":$n => '@@',\n",
    ),
    "App.cs": ('public const string $C = "@@";\n', 'var $c = "@@";\n'),
    "deploy.sh": (
        'export $N="@@"\n',
        "$N='@@' ./run.sh\n",
        "$N=@@\n",
        "tool login --$k=@@ --quiet\n",
        'tool login --$k "@@"\n',
    ),
    "Dockerfile": ("ENV $N=@@\n", "ENV $N @@\n", "ARG $N=@@\n"),
    "compose.yml": (
        "      $N: @@\n",
        '      $N: "@@"\n',
        "      - $N=@@\n",
        '      - "$N=@@"\n',
    ),
    "values.yaml": ("$n: @@\n", "  $c: '@@'\n", '$k: "@@"\n'),
    "settings.ini": ("$n = @@\n", "$n=@@\n", "$n: @@\n"),
    "application.properties": ("app.$k=@@\n", "spring.datasource.$n=@@\n"),
    "config.toml": ('$n = "@@"\n', '[auth]\n$k = "@@"\n', "opts = { $n = '@@' }\n"),
    "config.json": ('  "$c": "@@",\n', '  "$n": "@@",\n', '  "env": {"$N": "@@"},\n'),
    "main.tf": ('  $n = "@@"\n', 'variable "$n" {\n  default = "@@"\n}\n'),
    "web.xml": ("<$c>@@</$c>\n", '<add key="$C" value="@@" />\n', '<bean $c="@@"/>\n'),
    "notes.env": ("$N=@@\n", 'export $N="@@"\n', "# $N=@@\n"),
}
BARE = {
    "tools/jobs.py": (
        'client = Client("@@")\n',
        'login("deploy", "@@")\n',
        'ACCOUNTS = ["@@"]\n',
        'register(\n    "ci",\n    "@@",\n)\n',
        'value = "@@"\n',
    ),
    "tools/jobs.ts": ("init('@@');\n", 'const a = ["@@", 3];\n', "send(`@@`);\n"),
    "tools/jobs.go": ('c := New("@@")\n', 'call(ctx, "@@")\n'),
}

FILES_OF_FIELDS: tuple[tuple[str, str, str, Make], ...] = (
    ("netrc", ".netrc", "machine g.example.com\n  login ci\n  password @@\n", _plain_password),
    ("netrc", "_netrc", "machine h.example.com login joe password @@\n", _plain_password),
    ("pgpass", ".pgpass", "db.example.com:5432:shop:app:@@\n", _plain_password),
    ("npmrc", ".npmrc", "//registry.example.com/:_authToken=@@\n", chars(HEX, 40)),
    ("npmrc", ".npmrc", "registry=https://r.example.com/\n_auth=@@\nalways-auth=true\n",
     _base64_bytes(24)),
    ("docker-config", ".docker/config.json",
     '{\n  "auths": {\n    "registry.example.com": {\n      "auth": "@@"\n    }\n  }\n}\n',
     lambda rng: base64.b64encode(f"deploy:{password(rng)}".encode()).decode()),
    ("htpasswd", ".htpasswd", "alice:@@\n",
     joined("$apr1$", chars(ALNUM, 8), "$", chars(ALNUM + "./", 22))),
    ("htpasswd", "users.htpasswd", "bob:@@\n", joined("$2y$05$", chars(ALNUM + "./", 53))),
    ("htpasswd", "etc/shadow", "root:@@:19000:0:99999:7:::\n",
     joined("$6$", chars(ALNUM, 12), "$", chars(ALNUM + "./", 86))),
    ("pypirc", ".pypirc", "[pypi]\nusername = joe\npassword = @@\n", password),
    ("git-credentials", ".git-credentials", "https://joe:@@@git.example.com\n", _plain_password),
    ("my-cnf", ".my.cnf", "[client]\nuser=root\npassword=@@\n", password),
    ("wireguard", "wg0.conf", "[Interface]\nPrivateKey = @@\nAddress = 10.0.0.2/24\n",
     _base64_bytes(32)),
    ("kubernetes-secret", "secret.yaml",
     "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ntype: Opaque\ndata:\n  db-url: @@\n",
     lambda rng: base64.b64encode(password(rng).encode() + b"\n").decode()),
    ("kubernetes-secret", "k8s/all.yml",
     "kind: Secret\napiVersion: v1\nstringData:\n  smtp: @@\nmetadata:\n  name: mail\n", password),
    ("kubeconfig", "kube.yaml", "users:\n- name: admin\n  user:\n    client-key-data: @@\n",
     _base64_bytes(300)),
    ("maven", "settings.xml", "<server>\n<username>ci</username>\n<password>@@</password>\n",
     _plain_password),
    ("aws-credentials", "credentials", "[default]\naws_secret_access_key = @@\n",
     chars(BASE64, 40)),
    ("service-account", "sa.json", '{"type": "service_account", "private_key": "@@\\n"}\n',
     lambda rng: private_key(rng).replace("\n", "\\n")),
    ("ansible-vault", "vars.yml", "ansible_become_pass: @@\n", password),
)  # fmt: skip

CODE_WITH_URLS: tuple[tuple[str, str, str, Make], ...] = (
    ("connection-string", "db.py", 'engine = create_engine("postgresql://app:@@@db:5432/shop")\n',
     _plain_password),
    ("connection-string", "db.env", "DATABASE_URL=mysql+pymysql://root:@@@127.0.0.1/shop\n",
     _plain_password),
    ("connection-string", "db.js",
     "mongoose.connect('mongodb+srv://web:@@@cluster0.abcde.mongodb.net/test?w=majority');\n",
     _plain_password),
    ("connection-string", "cache.rb", 'Redis.new(url: "redis://:@@@cache.internal:6379/0")\n',
     _plain_password),
    ("connection-string", "queue.yml", "broker: amqps://svc:@@@mq.example.com/vhost\n",
     _plain_password),
    ("connection-string", "Db.cs",
     'var c = "Server=tcp:db,1433;Database=shop;User Id=sa;Password=@@;Encrypt=True";\n',
     _plain_password),
    ("connection-string", "appsettings.json",
     '{"ConnectionStrings": {"Default": "Host=db;Username=app;Password=@@"}}\n', _plain_password),
    ("connection-string", "Db.java",
     'String u = "jdbc:mysql://db/shop?user=app&password=@@&useSSL=true";\n', _plain_password),
    ("connection-string", "db.go", 'dsn := "host=db user=app password=@@ dbname=shop"\n',
     _plain_password),
    ("connection-string", "dsn.go", 'dsn := "root:@@@tcp(127.0.0.1:3306)/shop?parseTime=true"\n',
     _plain_password),
    ("azure-storage", "blob.py",
     'C = "DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=@@;EndpointSuffix=x"\n',
     _base64_bytes(64)),
    ("azure-servicebus", "bus.cs",
     'var c = "Endpoint=sb://shop.servicebus.windows.net/;SharedAccessKeyName=r;'
     'SharedAccessKey=@@";\n', _base64_bytes(32)),
    ("azure-sas", "blob.ts",
     "const u = 'https://shop.blob.core.windows.net/i/a.png?sv=2023-01-03&se=2030-01-01&sr=b"
     "&sp=r&sig=@@';\n",
     lambda rng: _base64_bytes(32)(rng).replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
     ),
    ("aws-presigned", "get.sh",
     'curl "https://b.s3.amazonaws.com/k?X-Amz-Expires=60&X-Amz-Signature=@@"\n', chars(HEX, 64)),
    ("url-userinfo", "requirements.txt",
     "--extra-index-url https://ci:@@@pypi.example.com/simple\n", _plain_password),
    ("url-userinfo", "ci.yml", "  - git clone https://@@@git.example.com/team/app.git\n",
     joined("ghp_", chars(ALNUM, 36))),
    ("url-userinfo", "push.sh", "git remote add o https://oauth2:@@@gitlab.example.com/a/b.git\n",
     chars(URL_SAFE, 20)),
    ("url-userinfo", "proxy.py", 'PROXIES = {"https": "http://joe:@@@proxy.local:3128"}\n',
     _plain_password),
    ("url-query", "hook.py", 'r = get("https://api.example.com/v1/items?limit=5&api_key=@@")\n',
     chars(HEX, 32)),
    ("url-query", "feed.md", "See https://example.com/feed.xml?access_token=@@ for the feed.\n",
     chars(ALNUM, 32)),
    ("url-query", "a.html", '<img src="https://img.example.com/p.png?w=3&amp;token=@@">\n',
     chars(ALNUM, 24)),
    ("bearer", "call.py", 'H = {"Authorization": "Bearer @@"}\n', chars(ALNUM, 40)),
    ("bearer", "call.sh", "curl -H 'Authorization: Bearer @@' https://api.example.com\n",
     chars(URL_SAFE, 32)),
    ("bearer", "call.ts", "headers: { authorization: `Bearer @@` },\n", chars(HEX, 40)),
    ("bearer", "req.http", "GET /v1/me HTTP/1.1\nHost: example.com\nAuthorization: token @@\n",
     chars(HEX, 40)),
    ("basic-auth", "call.go", 'req.Header.Set("Authorization", "Basic @@")\n',
     lambda rng: base64.b64encode(f"api:{password(rng)}".encode()).decode()),
    ("basic-auth", "call2.sh", "curl -u 'admin:@@' https://api.example.com\n", _plain_password),
    ("header", "req2.http", "POST / HTTP/1.1\nX-Api-Key: @@\nAccept: */*\n", chars(ALNUM, 32)),
    ("header", "call.rb", "req['X-Auth-Token'] = '@@'\n", chars(HEX, 32)),
    ("cli-password", "backup.sh", "mysqldump -u root -p@@ shop > shop.sql\n", _plain_password),
    ("cli-password", "copy.sh", "sshpass -p '@@' scp a.tgz joe@host:/srv\n", _plain_password),
    ("cli-password", "dump.sh", "PGPASSWORD=@@ pg_dump -h db shop\n", _plain_password),
    ("cli-password", "login.sh", "docker login -u ci --password @@ registry.example.com\n",
     _plain_password),
    ("sql-password", "init.sql", "CREATE USER app WITH LOGIN PASSWORD '@@';\n", _plain_password),
    ("sql-password", "grant.sql", "CREATE USER 'app'@'%' IDENTIFIED BY '@@';\n", _plain_password),
    ("session-cookie", "probe.sh", 'curl -b "sessionid=@@" https://example.com/me\n',
     chars(LOWER, 32)),
)  # fmt: skip

KEY_FILES: tuple[tuple[str, str, str, Make], ...] = (
    ("private-key", "deploy/id_rsa", "@@\n", private_key),
    ("private-key", "tests/keys.py", 'KEY = """@@"""\nOTHER = 1\n', private_key),
    ("private-key", "conf/tls.yaml", "tls:\n  key: |\n    @@\n  port: 443\n",
     lambda rng: private_key(rng).replace("\n", "\n    ")),
    ("private-key", "src/keys.js", 'const key = "@@";\n',
     lambda rng: private_key(rng).replace("\n", "\\n")),
    ("private-key", "src/Keys.java", 'String key = "@@";\n',
     lambda rng: private_key(rng).replace("\n", '\\n" +\n        "')),
    ("private-key", "cut.txt", "@@\n",
     lambda rng: private_key(rng).rsplit("\n", 1)[0]),
    ("pgp-private-key", "release.asc", "@@\n", _pgp_private_key),
    ("putty-key", "deploy.ppk", "@@\n", _putty_key),
    ("age-key", "keys.txt", "# created: 2025-01-01\n@@\n",
     joined("AGE-SECRET-", "KEY-1", chars(BECH32, 58))),
)  # fmt: skip

FILLER = {
    "py": "import os\n\nRETRIES = 3\n\n\ndef load(path):\n    with open(path) as f:\n"
    "        return f.read()\n\n\n",
    "js": "import fs from 'fs';\n\nexport function load(path) {\n"
    "  return fs.readFileSync(path);\n}\n\n",
    "go": 'package app\n\nimport "os"\n\nfunc load(path string) ([]byte, error) {\n'
    "\treturn os.ReadFile(path)\n}\n\n",
    "java": "package com.example;\n\npublic class App {\n  int retries = 3;\n",
    "rs": "use std::fs;\n\nfn load(path: &str) -> String {\n"
    "    fs::read_to_string(path).unwrap()\n}\n\n",
}


def spelled(pattern: str, name: str) -> str:
    """The pattern with the name in each spelling: `$n` snake, `$N` upper, `$c`, `$C`, `$k`."""
    words = name.split("_")
    pascal = "".join(word.capitalize() for word in words)
    spellings = {
        "$$n": "$" + name,
        "$n": name,
        "$N": name.upper(),
        "$c": pascal[0].lower() + pascal[1:],
        "$C": pascal,
        "$k": "-".join(words),
    }
    for key, value in spellings.items():
        pattern = pattern.replace(key, value)
    return pattern


def secret_files(seed: int, n_rounds: int = 4) -> list[CorpusFile]:
    """Files with every kind of secret, each in several of the ways they are written."""
    rng = random.Random(f"secrets {seed}")
    files = [_file_of(path, pattern, kind, make(rng), rng) for kind, path, pattern, make in
             FILES_OF_FIELDS + CODE_WITH_URLS + KEY_FILES]  # fmt: skip
    for _ in range(n_rounds):
        files += [_token_file(token, rng) for token in TOKENS]
    return files


def _token_file(token: Token, rng: random.Random) -> CorpusFile:
    carriers = list(_carriers(token))
    while True:
        path, patterns = rng.choice(carriers)
        pattern = spelled(rng.choice(patterns), rng.choice(token.names))
        value = token.make(rng)
        if _fits(value, pattern):
            return _file_of(path, pattern, token.kind, value, rng)


def _carriers(token: Token) -> Iterable[tuple[str, tuple[str, ...]]]:
    if token.kind == "high-entropy":
        return BARE.items()
    named = {"app/settings.py": PYTHON, "src/settings.js": JAVASCRIPT, **OTHERS}
    return [*named.items(), *(BARE.items() if token.bare else ())]


def _fits(value: str, pattern: str) -> bool:
    """Whether the value stands in the pattern as it is, without quotes or escapes."""
    if any(quote + "@@" in pattern for quote in "\"'`"):
        return not set(value) & set("$`&<")
    return not set(value) & set("#$&*?!;<>^~%@()`|")


def _file_of(path: str, pattern: str, kind: str, value: str, rng: random.Random) -> CorpusFile:
    draft = Draft(path)
    if rng.random() < 0.7:
        draft.add(FILLER.get(path.rpartition(".")[2], ""))
    draft.add_marked(pattern, kind, value)
    return draft.finish()
