"""Source and configuration files full of strings that look like secrets and are none."""

from __future__ import annotations

import base64
import hashlib
import random
import string
import uuid

from .secret_corpus import (
    ALNUM,
    BASE64,
    HEX,
    LOWER,
    UPPER,
    URL_SAFE,
    WORDS,
    CorpusFile,
    Draft,
    Make,
    any_of,
    armored,
    chars,
    joined,
)


def _uuid(rng: random.Random) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def _base64_bytes(n: int) -> Make:
    return lambda rng: base64.b64encode(rng.randbytes(n)).decode()


def _words(low: int, high: int, separator: str) -> Make:
    return lambda rng: separator.join(rng.choices(WORDS, k=rng.randrange(low, high)))


def _camel(rng: random.Random) -> str:
    first, *rest = rng.choices(WORDS, k=rng.randrange(4, 8))
    return first + "".join(word.capitalize() for word in rest)


def _version(rng: random.Random) -> str:
    numbers = ".".join(str(rng.randrange(40)) for _ in range(3))
    commit = chars(HEX, 7)(rng)
    return rng.choice([numbers, f"{numbers}-beta.{rng.randrange(9)}", f"{numbers}+git.{commit}"])


def _minified(rng: random.Random) -> str:
    def name() -> str:
        return rng.choice(string.ascii_letters)

    return "".join(
        f"function {name()}({name()},{name()}){{return {name()}.{rng.choice(WORDS)}"
        f"({name()}[{rng.randrange(99)}]||{name()}).{name()}+{name()}}}var {name()}={name()};"
        for _ in range(6)
    )


def _svg_path(rng: random.Random) -> str:
    return "M" + "".join(
        f"{rng.randrange(512)} {rng.randrange(512)}{rng.choice('LlCcHhVvz')}" for _ in range(14)
    )


def _sri(rng: random.Random) -> str:
    kind = rng.choice(["sha256", "sha384", "sha512"])
    return f"{kind}-{base64.b64encode(hashlib.new(kind, rng.randbytes(8)).digest()).decode()}"


def _digest(name: str) -> Make:
    return lambda rng: hashlib.new(name, rng.randbytes(8)).hexdigest()


def _ssh_public_key(rng: random.Random) -> str:
    return rng.choice(
        [
            "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ" + chars(BASE64, 330)(rng),
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI" + chars(BASE64, 43)(rng),
        ]
    )


def _public_armor(rng: random.Random) -> str:
    label = rng.choice(["CERTIFICATE", "PUBLIC KEY", "RSA PUBLIC KEY", "CERTIFICATE REQUEST"])
    return armored(label, rng.choice([91, 294, 800]), rng)


def _c_bytes(rng: random.Random) -> str:
    return ", ".join(f"0x{byte:02x}" for byte in rng.randbytes(24))


def _sentence(rng: random.Random) -> str:
    return rng.choice(
        [
            "Enter your password",
            "Invalid username or password",
            "Your token has expired, sign in again",
            "Forgot your password?",
            "The secret must not be empty",
            "At least 12 characters",
            "API key is missing",
        ]
    )


def _reference(rng: random.Random) -> str:
    name = "_".join(rng.choices(WORDS, k=2))
    return rng.choice(
        [
            f"${{{name.upper()}}}",
            f"${name.upper()}",
            f"{{{{ {name} }}}}",
            f"<your-{name}>",
            f"%({name})s",
            f"%{name.upper()}%",
            f"${{{{ secrets.{name.upper()} }}}}",
            f"!vault/{name}",
            f"{{{name}}}",
        ]
    )


def _stand_in(rng: random.Random) -> str:
    return rng.choice(
        [
            "changeme",
            "change-me",
            "CHANGE_ME",
            "xxxxxxxxxxxx",
            "XXXXXXXX-XXXX-XXXX",
            "your-api-key-here",
            "your_secret_key",
            "********",
            "example",
            "placeholder",
            "<redacted>",
            "REPLACE_ME",
            "todo",
            "none",
            "...",
            "insert-your-token-here",
            "dummy",
        ]
    )


FORMS: tuple[tuple[str, Make, str, tuple[str, ...]], ...] = (
    ("git-hash", chars(HEX, 40), "deps.yaml",
     ("  rev: @@\n", "uses: actions/checkout@@@\n", "ref: '@@'\n", "commit = @@\n")),
    ("git-hash", chars(HEX, 40), "version.py",
     ('COMMIT = "@@"\n', 'BASE_REVISION = "@@"\n', "# fixed in @@\n", 'checkout("@@")\n')),
    ("git-hash", chars(HEX, 7), "CHANGES.md", ("- tidy the loader (@@)\n",)),
    ("uuid", _uuid, "ids.py",
     ('NAMESPACE = uuid.UUID("@@")\n', 'tenant_id = "@@"\n', 'get("/items/@@")\n',
      'client_id = "@@"\n', '{"key": "@@"}\n')),
    ("uuid", _uuid, "app.csproj", ("<ProjectGuid>{@@}</ProjectGuid>\n", '"id": "@@",\n')),
    ("sha256", _digest("sha256"), "requirements.lock", ("    --hash=sha256:@@ \\\n",)),
    ("sha256", _digest("sha256"), "Cargo.lock", ('checksum = "@@"\n', 'sha256 = "@@"\n')),
    ("sha256", _digest("sha256"), "Dockerfile", ("FROM python@sha256:@@\n",)),
    ("sha256", _digest("sha256"), "test_hash.py",
     ('assert digest(data) == "@@"\n', 'EXPECTED = "@@"\n', 'self.assertEqual(h, "@@")\n')),
    ("md5", _digest("md5"), "md5sums.txt", ("@@  setup.exe\n",)),
    ("md5", _digest("md5"), "cache.py", ('etag = "@@"\n', 'FILES = {"a.bin": "@@"}\n')),
    ("integrity", _sri, "package-lock.json", ('      "integrity": "@@",\n',)),
    ("integrity", _sri, "index.html", ('<script src="a.js" integrity="@@"></script>\n',)),
    ("integrity", joined("h1:", _base64_bytes(32)), "go.sum", ("golang.org/x/net v0.9.0 @@\n",)),
    ("base64-image", _base64_bytes(160), "style.css",
     (".a { background: url(data:image/png;base64,@@) }\n",)),
    ("base64-image", joined("iVBORw0KGgo", _base64_bytes(90)), "icon.py",
     ('ICON = "@@"\n', 'png = b"@@"\n', 'ICON = ("@@")\n')),
    ("base64-image", joined("R0lGODlh", _base64_bytes(60)), "icon.js", ("const gif = '@@';\n",)),
    ("base64-text", lambda rng: base64.b64encode(_words(4, 9, " ")(rng).encode()).decode(),
     "test_base64.py", ('assert encode(text) == "@@"\n', 'decode("@@")\n')),
    ("lorem", _words(8, 20, " "), "text.py", ('TEXT = "@@"\n', 'password_hint = "@@"\n')),
    ("minified", _minified, "vendor.min.js", ("@@\n",)),
    ("test-vector", chars(HEX, 32), "test_aes.py",
     ('plaintext = bytes.fromhex("@@")\n', 'iv = "@@"\n', '("@@", 16),\n', 'CIPHERTEXT = "@@"\n')),
    ("test-vector", chars(UPPER[:6] + string.digits, 64), "kat.rsp", ("CT = @@\n", "MSG = @@\n")),
    ("crypto-constant", lambda rng: "0x" + chars(HEX, 64)(rng), "curve.py",
     ("P = @@\n", "Gx = @@\n", "N = int('@@', 16)\n")),
    ("crypto-constant", _c_bytes, "sbox.c", ("static const uint8_t sbox[] = { @@ };\n",)),
    ("crypto-constant", chars(string.digits, 60), "pi.py", ("PI = '3.@@'\n", "N = @@\n")),
    ("long-identifier", _camel, "Names.java",
     ("  void @@() {}\n", '  call("@@");\n', '  String secretName = "@@";\n')),
    ("long-identifier", _words(4, 8, "_"), "names.py",
     ("def @@():\n    pass\n", 'getattr(self, "@@")\n', 'token_field = "@@"\n')),
    ("translation-key", joined("settings.account.password.", _words(2, 4, ".")), "i18n.ts",
     ("t('@@');\n", "title: '@@',\n")),
    ("colour", joined("#", chars(HEX, 6)), "theme.ts", ("  accent: '@@',\n", 'fill("@@");\n')),
    ("colour", lambda rng: " ".join("#" + chars(HEX, 6)(rng) for _ in range(9)), "map.py",
     ('PALETTE = "@@".split()\n',)),
    ("public-key", _ssh_public_key, "authorized_keys", ("@@ joe@host\n",)),
    ("public-key", _ssh_public_key, "users.tf", ('  public_key = "@@"\n',)),
    ("public-key", joined("age1", chars(LOWER, 58)), ".sops.yaml", ("    age: @@\n",)),
    ("public-key", _base64_bytes(32), "wg0.txt", ("[Peer]\nPublicKey = @@\n",)),
    ("certificate", _public_armor, "ca.pem", ("@@\n",)),
    ("certificate", _public_armor, "trust.py", ('CA = """@@"""\n',)),
    ("certificate", lambda rng: armored("PGP PUBLIC KEY BLOCK", 300, rng), "key.asc", ("@@\n",)),
    ("certificate", _base64_bytes(500), "kube.txt", ("certificate-authority-data: @@\n",)),
    ("url", lambda rng: f"https://{rng.choice(WORDS)}.example.com/{rng.choice(WORDS)}"
     f"/{rng.randrange(999)}?page={rng.randrange(9)}&sort={rng.choice(WORDS)}", "api.py",
     ('get("@@")\n', "# see @@\n", 'token_url = "@@"\n', 'PASSWORD_RESET_URL = "@@"\n')),
    ("url", lambda rng: f"https://github.com/{rng.choice(WORDS)}/{rng.choice(WORDS)}/blob/"
     f"{chars(HEX, 40)(rng)}/src/{rng.choice(WORDS)}.py#L{rng.randrange(99)}", "links.md",
     ("[source](@@)\n", "<@@>\n")),
    ("url", lambda rng: f"postgresql://localhost:5432/{rng.choice(WORDS)}", "dsn.py",
     ('DSN = "@@"\n', 'create_engine("@@")\n')),
    ("url", lambda rng: f"https://www.youtube.com/watch?v={chars(URL_SAFE, 11)(rng)}", "talks.md",
     ("- @@\n",)),
    ("url", lambda rng: f"git@github.com:{rng.choice(WORDS)}/{rng.choice(WORDS)}.git", "sub.txt",
     ("url = @@\n",)),
    ("url-template", any_of(
        "postgresql://{user}:{password}@{host}/{name}", "https://${USER}:${TOKEN}@example.com/a",
        "mysql://%s:%s@%s/%s", "redis://:<password>@cache:6379", "amqp://$USER:$PASS@mq",
        "https://user:password@example.com/"), "urls.py", ('url = "@@"\n', "# form: @@\n")),
    ("version", _version, "build.gradle", ("implementation 'com.a:b:@@'\n", 'version = "@@"\n')),
    ("file-name", lambda rng: f"main.{chars(HEX, 20)(rng)}.js", "manifest.json",
     ('  "main.js": "/static/js/@@",\n',)),
    ("path", lambda rng: "/".join(["", "usr", "share", *rng.choices(WORDS, k=5)]), "paths.py",
     ('open("@@")\n', 'password_file = "@@"\n', 'KEY_FILE = "@@"\n')),
    ("alphabet", any_of(
        ALNUM, BASE64, URL_SAFE, string.digits + string.ascii_letters, string.ascii_lowercase,
        "0123456789ABCDEFGHJKMNPQRSTVWXYZ",
        "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"), "codec.py",
     ('ALPHABET = "@@"\n', 'encode(n, "@@")\n')),
    ("mime", any_of(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/x-www-form-urlencoded; charset=utf-8"), "mime.py", ('TYPE = "@@"\n',)),
    ("arn", lambda rng: f"arn:aws:secretsmanager:eu-west-1:{chars(string.digits, 12)(rng)}:secret:"
     f"prod/{rng.choice(WORDS)}-{chars(ALNUM, 6)(rng)}", "stack.yaml",
     ("  SecretArn: @@\n", "secret_name: @@\n")),
    ("publishable-key", joined("pk_live_", chars(ALNUM, 24)), "pay.js", ("Stripe('@@');\n",)),
    ("client-id", lambda rng: f"{chars(string.digits, 12)(rng)}-{chars(LOWER, 32)(rng)}"
     ".apps.googleusercontent.com", "login.ts", ("  clientId: '@@',\n",)),
    ("mac-address", lambda rng: ":".join(chars(HEX, 2)(rng) for _ in range(6)), "net.py",
     ('MAC = "@@"\n',)),
    ("fingerprint", lambda rng: ":".join(chars(HEX, 2)(rng) for _ in range(20)).upper(), "ca.py",
     ('FINGERPRINT = "@@"\n', "# SHA1 @@\n")),
    ("dna", chars("ACGT", 60), "genes.py", ('SEQUENCE = "@@"\n', 'align("@@")\n')),
    ("chess", lambda rng: "r1bqkb1r/pppp1ppp/2n2n2/4p3/2B1P3/5N2/PPPP1PPP/RNBQK2R w KQkq - "
     f"{rng.randrange(9)} {rng.randrange(60)}", "chess.py", ('Board("@@")\n',)),
    ("svg", _svg_path, "logo.tsx", ('<path d="@@" />\n',)),
    ("regex", any_of(
        "^(?=.*[A-Z])(?=.*[0-9])[A-Za-z0-9!@#$%^&*]{8,64}$",
        r"[a-z0-9._%+-]+@[a-z0-9.-]+\\.[a-z]{2,}",
        r"(?i)password\\s*[:=]\\s*(\\S+)"), "check.py",
     ('PATTERN = re.compile(r"@@")\n', 'PASSWORD_RULE = r"@@"\n')),
    ("email", lambda rng: f"{rng.choice(WORDS)}.{rng.choice(WORDS)}@mail.example.com", "AUTHORS",
     ("Joe Doe <@@>\n",)),
    ("address", lambda rng: ":".join(chars(HEX, 4)(rng) for _ in range(8)), "hosts.txt",
     ("@@ node1\n",)),
    ("message", _sentence, "login.py",
     ('password_label = "@@"\n', 'raise ValueError("@@")\n', '"password": "@@",\n')),
    ("reference", _reference, "settings.py",
     ('password = "@@"\n', 'API_KEY = "@@"\n', '"token": "@@",\n')),
    ("reference", _reference, "compose.yml", ("      DB_PASSWORD: @@\n", "  secret: '@@'\n")),
    ("stand-in", _stand_in, "sample.py",
     ('password = "@@"\n', 'api_key="@@",\n', 'SECRET_KEY = "@@"\n')),
    ("stand-in", _stand_in, "sample.ini", ("password = @@\n", "token=@@\n")),
    ("lookup", any_of(
        'os.environ["DB_PASSWORD"]', "getpass.getpass()", "settings.SECRET_KEY", "None",
        'vault.read("secret/db")["password"]', "generate_password(16)", "request.form['password']",
        "hash_password(password, salt)", "self._password", "secrets.token_urlsafe(32)"),
     "use.py", ("password = @@\n", "api_key = @@\n", "connect(user, password=@@)\n")),
    ("lookup", any_of(
        "process.env.API_KEY", "config.get('token')", "await getToken()", "null", "undefined",
        "props.password", "useState('')"), "use.ts",
     ("const apiKey = @@;\n", "login({ user, password: @@ });\n", "let token: string = @@;\n")),
    ("name-of-a-name", any_of(
        "password", "access_token", "X-Api-Key", "csrfmiddlewaretoken", "Authorization", "Bearer",
        "refresh_token", "client_secret", "secret", "api-key", "current-password", "PASSWORD",
        "user.password", "passwordField", "token_type"), "fields.py",
     ('PASSWORD_FIELD = "@@"\n', 'token_name = "@@"\n', 'secret_key_name = "@@"\n',
      'password = form["@@"]\n', 'TOKEN_TYPE = "@@"\n', 'password = "@@"\n')),
    ("number", chars(string.digits, 18), "numbers.py",
     ("token_count = @@\n", 'max_tokens = "@@"\n', "SEED = @@\n")),
    ("etag", joined('W/\\"', chars(HEX, 32)), "test_http.py", ('h["ETag"] = "@@"\n',)),
    ("css-class", _words(3, 5, "-"), "view.html", ('<div class="@@">\n', '<input id="@@">\n')),
)  # fmt: skip


def innocent_files(seed: int, n_rounds: int = 5) -> list[CorpusFile]:
    """Files with every kind of look-alike, each written in one of its ways."""
    rng = random.Random(f"innocents {seed}")
    return [_innocent_file(form, rng) for _ in range(n_rounds) for form in FORMS]


def _innocent_file(form: tuple[str, Make, str, tuple[str, ...]], rng: random.Random) -> CorpusFile:
    kind, make, path, patterns = form
    draft = Draft(path)
    draft.add_marked(rng.choice(patterns), kind, make(rng))
    return draft.finish()
