"""Secrets that are known by their form, or by the syntax round them, whatever they are called."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from scopewise.cloud.randomness import entropy, is_stand_in, is_wordy

Accept = Callable[[str], bool]


@dataclass(frozen=True)
class Form:
    """A pattern whose group `secret`, or else whole match, is a secret."""

    kind: str
    hints: tuple[str, ...]
    """The pattern is tried where one of these occurs, in small letters; empty for everywhere."""
    pattern: re.Pattern[str]
    accept: Accept


def formed_secrets(text: str) -> Iterator[tuple[str, int, int]]:
    """Every secret of a known form as (kind, start, end), in no order, overlaps included."""
    small = text.lower()
    for form in FORMS:
        if form.hints and not any(hint in small for hint in form.hints):
            continue
        for match in form.pattern.finditer(text):
            group = "secret" if "secret" in form.pattern.groupindex else 0
            if match[group] and form.accept(match[group]):
                yield form.kind, *match.span(group)


def _always(_: str) -> bool:
    return True


def _is_literal(value: str) -> bool:
    return not is_stand_in(value)


def _is_opaque(value: str) -> bool:
    """Whether the value is neither a stand-in nor a word."""
    return len(value) >= 6 and not is_stand_in(value) and not (is_wordy(value) or value.isdigit())


def _is_key_like(value: str) -> bool:
    """Whether the value could be a key: long, mixed, and no word."""
    return len(value) >= 16 and _is_opaque(value) and entropy(value) >= 3.0


def _is_basic(value: str) -> bool:
    """Whether base64 hides a user name and a password."""
    try:
        decoded = base64.b64decode(value + "=" * (-len(value) % 4), validate=True)
    except (binascii.Error, ValueError):
        return False
    user, colon, password = decoded.partition(b":")
    return bool(colon) and (user + password).isascii()


def _is_armored_key(value: str) -> bool:
    """Whether there is a key between the lines of the armour, or only code that speaks of them."""
    return len(re.findall(r"[A-Za-z0-9+/=]{24,}", value)) >= 1


def _form(kind: str, hints: str, pattern: str, accept: Accept = _always) -> Form:
    return Form(kind, tuple(hints.split()), re.compile(pattern), accept)


_TOKEN = r"(?<![A-Za-z0-9])"
_END = r"(?![A-Za-z0-9])"
_B64 = r"[A-Za-z0-9+/]"
_URL_SAFE = r"[\w-]"

# Keys with a prefix of their own. A prefix and enough characters are taken for a key also when
# the length is not the usual one: vendors lengthen their keys.
VENDOR_TOKENS = (
    _form("aws_access_key", "akia asia abia acca a3t", rf"{_TOKEN}(?:A3T[A-Z0-9]|A[KSB]IA|ACCA)[A-Z0-9]{{16}}{_END}"),
    _form("github_token", "gh", rf"{_TOKEN}gh[pousr]_[A-Za-z0-9_]{{30,}}"),
    _form("github_token", "github_pat_", rf"{_TOKEN}github_pat_\w{{30,}}"),
    _form("gitlab_token", "gl", rf"{_TOKEN}gl(?:pat|dt|ft|soat|rt|cbt|ptt|imt|agent|oas|ffct)-{_URL_SAFE}{{18,}}(?:\.{_URL_SAFE}+)*"),
    _form("slack_token", "xox xapp-", rf"{_TOKEN}(?:xox[a-z](?:\.xox[a-z])?|xapp)-[A-Za-z0-9-]{{20,}}"),
    _form("stripe_key", "k_live_ k_test_ whsec_", rf"{_TOKEN}(?:[sr]k_(?:live|test|prod)|whsec)_[A-Za-z0-9+/]{{16,}}=*"),
    _form("anthropic_key", "sk-ant-", rf"{_TOKEN}sk-ant-{_URL_SAFE}{{20,}}"),
    _form("openai_key", "sk-", rf"{_TOKEN}sk-(?:proj-|svcacct-|admin-|or-v1-)?{_URL_SAFE}{{20,}}", _is_key_like),
    _form("google_api_key", "aiza", rf"{_TOKEN}AIza{_URL_SAFE}{{35}}"),
    _form("google_oauth_secret", "gocspx-", rf"{_TOKEN}GOCSPX-{_URL_SAFE}{{20,}}"),
    _form("google_oauth_token", "ya29.", rf"{_TOKEN}ya29\.{_URL_SAFE}{{20,}}"),
    _form("npm_token", "npm_", rf"{_TOKEN}npm_[A-Za-z0-9]{{30,}}"),
    _form("pypi_token", "pypi-", rf"{_TOKEN}pypi-AgE{_URL_SAFE}{{40,}}"),
    _form("sendgrid_key", "sg.", rf"{_TOKEN}SG\.{_URL_SAFE}{{16,}}\.{_URL_SAFE}{{30,}}"),
    _form("twilio_key", "sk", rf"{_TOKEN}SK[0-9a-f]{{32}}{_END}"),
    _form("mailgun_key", "key-", rf"{_TOKEN}key-[0-9a-f]{{32}}{_END}"),
    _form("mailchimp_key", "-us", rf"{_TOKEN}[0-9a-f]{{32}}-us\d{{1,2}}{_END}"),
    _form("telegram_token", ":aa", rf"{_TOKEN}\d{{8,10}}:AA{_URL_SAFE}{{33}}"),
    _form("discord_token", ".", rf"{_TOKEN}[MNO][A-Za-z\d_-]{{23,27}}\.{_URL_SAFE}{{6}}\.{_URL_SAFE}{{27,38}}"),
    _form("azure_client_secret", "q~", rf"(?<![\w~.-])[\w~.]{{3}}\dQ~[\w~.-]{{31,34}}"),
    _form("databricks_token", "dapi", rf"{_TOKEN}dapi[0-9a-f]{{32}}(?:-\d)?{_END}"),
    _form("digitalocean_token", "_v1_", rf"{_TOKEN}do[opr]_v1_[0-9a-f]{{40,}}"),
    _form("huggingface_token", "hf_ api_org_", rf"{_TOKEN}(?:hf|api_org)_[A-Za-z0-9]{{30,}}{_END}"),
    _form("vault_token", "hv", rf"{_TOKEN}hv[sbr]\.{_URL_SAFE}{{20,}}"),
    _form("terraform_token", ".atlasv1.", rf"{_TOKEN}[A-Za-z0-9]{{14}}\.atlasv1\.{_URL_SAFE}{{40,}}"),
    _form("shopify_token", "shp", rf"{_TOKEN}shp(?:at|ca|pa|ss|tka)_[0-9a-fA-F]{{32}}"),
    _form("linear_key", "lin_", rf"{_TOKEN}lin_(?:api|oauth)_[A-Za-z0-9]{{30,}}"),
    _form("doppler_token", "dp.", rf"{_TOKEN}dp\.(?:pt|st|ct|sa|scim|audit)\.[\w.-]{{30,}}"),
    _form("newrelic_key", "nr", rf"{_TOKEN}NR(?:AK|II|RA|BR|IQ)-?[A-Za-z0-9_-]{{24,}}"),
    _form("grafana_token", "glsa_ glc_", rf"{_TOKEN}(?:glsa_[A-Za-z0-9]{{32}}_[0-9a-fA-F]{{8}}|glc_{_B64}{{32,}}=*)"),
    _form("docker_token", "dckr_", rf"{_TOKEN}dckr_(?:pat|oat)_{_URL_SAFE}{{20,}}"),
    _form("rubygems_key", "rubygems_", rf"{_TOKEN}rubygems_[0-9a-f]{{40,}}"),
    _form("planetscale_token", "pscale_", rf"{_TOKEN}pscale_(?:tkn|pw|oauth)_[\w.=-]{{30,}}"),
    _form("postman_key", "pmak-", rf"{_TOKEN}PMAK-[0-9a-f]{{24}}-[0-9a-f]{{34}}"),
    _form("square_token", "sq0 eaaa", rf"{_TOKEN}(?:sq0[a-z]{{3}}-{_URL_SAFE}{{20,}}|EAAA{_URL_SAFE}{{56,}})"),
    _form("facebook_token", "eaa", rf"{_TOKEN}EAA[MC][A-Za-z0-9]{{80,}}"),
    _form("airtable_token", "pat", rf"{_TOKEN}pat[A-Za-z0-9]{{14}}\.[0-9a-f]{{64}}"),
    _form("atlassian_token", "atatt3", rf"{_TOKEN}ATATT3{_URL_SAFE}{{60,}}=?[0-9A-F]*"),
    _form("dropbox_token", "sl.", rf"{_TOKEN}sl\.{_URL_SAFE}{{100,}}"),
    _form("notion_token", "ntn_ secret_", rf"{_TOKEN}(?:ntn_|secret_)[A-Za-z0-9]{{40,}}{_END}"),
    _form("cargo_token", "cio", rf"{_TOKEN}cio[A-Za-z0-9]{{32}}{_END}", _is_key_like),
    _form("fly_token", "fm1 fm2_ fo1_", rf"{_TOKEN}(?:fo1_{_URL_SAFE}{{43}}|fm[12][ar]?_{_B64}{{60,}}=*)"),
    _form("figma_token", "figd_", rf"{_TOKEN}figd_{_URL_SAFE}{{30,}}"),
    _form("groq_key", "gsk_", rf"{_TOKEN}gsk_[A-Za-z0-9]{{40,}}"),
    _form("replicate_token", "r8_", rf"{_TOKEN}r8_[A-Za-z0-9]{{37}}{_END}"),
    _form("supabase_key", "sbp_ sb_secret_", rf"{_TOKEN}(?:sbp_[0-9a-f]{{40}}|sb_secret_{_URL_SAFE}{{20,}})"),
    _form("mapbox_token", "sk.eyj", rf"{_TOKEN}sk\.eyJ{_URL_SAFE}{{40,}}\.{_URL_SAFE}{{16,}}"),
    _form("sentry_token", "sntry", rf"{_TOKEN}sntry[su]_{_B64}{{30,}}=*[\w-]*"),
    _form("alibaba_key", "ltai", rf"{_TOKEN}LTAI[A-Za-z0-9]{{16,20}}{_END}"),
    _form("onepassword_key", "a3- ops_eyj", rf"{_TOKEN}(?:A3-[A-Z0-9]{{6}}(?:-[A-Z0-9]{{5,11}}){{4,5}}|ops_eyJ{_B64}{{100,}}=*)"),
    _form("jwt", "eyj", rf"{_TOKEN}eyJ{_URL_SAFE}{{8,}}=*\.{_URL_SAFE}{{8,}}=*(?:\.{_URL_SAFE}*=*){{0,3}}"),
    _form("password_hash", "$", r"\$(?:apr1|1|2[abxy]?|5|6|7|y|gy|md5|sha1|argon2(?:id?|d)|scrypt|pbkdf2[\w-]*)\$[\w./$=,+-]{16,}"),
    _form("password_hash", "{ssha {sha", r"\{(?:S?SHA(?:256|512)?|SMD5)\}[A-Za-z0-9+/]{20,}=*"),
    _form("age_key", "age-secret-key", r"AGE-SECRET-KEY-(?:PQ-)?1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{50,}"),
    _form("slack_webhook", "hooks.slack.com", r"https://hooks\.slack\.com/(?:services|workflows|triggers)/[\w/-]{20,}"),
    _form("discord_webhook", "/api/webhooks/", r"https://(?:\w+\.)?discord(?:app)?\.com/api/(?:v\d+/)?webhooks/\d{15,20}/[\w-]{50,}"),
    _form("teams_webhook", "webhook", r"https://[\w.-]+\.(?:webhook\.office|logic\.azure)\.com[^\s\"'`<>]{30,}"),
    _form("google_chat_webhook", "chat.googleapis.com", r"https://chat\.googleapis\.com/v1/spaces/[^\s\"'`<>]{30,}"),
)  # fmt: skip

_BEGIN = r"-{3,5}[ ]?BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?[ ]?-{3,5}"
_KEY_END = r"-{3,5}[ ]?END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?[ ]?-{3,5}"
# A line of base64 as it stands in a file, in a literal with \n in it, or in a sum of literals.
_KEY_LINE = r"(?:[ \t]*[\"']?[A-Za-z0-9+/=]{16,}(?:\\[nr])*[\"']?[ \t]*[+\\.,]?[ \t]*(?:\r?\n|$)?)"

# The whole block becomes one placeholder, whatever lines, quotes or escapes it is cut up by.
KEY_BLOCKS = (
    _form("private_key", "private key", rf"{_BEGIN}(?:(?!{_BEGIN})[\s\S]){{0,20000}}?{_KEY_END}", _is_armored_key),
    _form("private_key", "private key", rf"{_BEGIN}(?:\\[nr]|\s)*[\"']?[ \t]*[+\\.,]?\s*(?:[A-Z][\w-]+: [^\n]*\n+)*{_KEY_LINE}+", _is_armored_key),
    _form("private_key", "ssh2 encrypted", r"-{4} BEGIN SSH2 ENCRYPTED PRIVATE KEY -{4}[\s\S]{0,20000}?-{4} END[^\n]*"),
    _form("private_key", "putty-user-key", r"PuTTY-User-Key-File-\d:[\s\S]{0,20000}?Private-MAC: [0-9a-f]+"),
)  # fmt: skip

_URL_NAMES = (
    r"(?:[\w-]*(?:token|api_?-?key|apikey|secret|passw(?:or)?d|pwd|signature|credential)|sig|auth|"
    r"authorization|key|pass|code|session(?:_?id)?|sas|jwt|awsaccesskeyid|access_?-?key(?:_?id)?)"
)

# Of a connection string and of a URL the password alone is the secret; the user name stays, since
# the code may be about it. A user name without a password is a token when it looks like one.
SYNTAX = (
    _form("url_password", "://", r"\b[A-Za-z][A-Za-z0-9+.-]*://[^\s\"'`<>/?#:@]*:(?P<secret>[^\s\"'`<>/@][^\s\"'`<>/]*)@(?=[\w\[(.$%{<-])", _is_literal),
    _form("url_token", "://", r"\b[A-Za-z][A-Za-z0-9+.-]*://(?P<secret>[^\s\"'`<>/?#:@]{16,})(?::x-oauth-basic)?@", _is_key_like),
    _form("dsn_password", "@tcp( @unix(", r"[\w.-]+:(?P<secret>[^\s\"'`<>@:/]+)@(?:tcp|unix)\(", _is_literal),
    _form("url_parameter", "=", rf"(?i)[?&;](?:amp;)?{_URL_NAMES}=(?P<secret>[^\s\"'`<>&#;{{}}$]{{6,}})", _is_opaque),
    _form("connection_password", "password= pwd=", r"(?i)(?:^|[;?&\s\"'`,])(?:password|pwd)\s*=\s*(?P<secret>[^\s;&\"'`<>,(){}\[\]$]{3,})(?=[;&\s\"'`])", lambda v: _is_literal(v) and not re.fullmatch(r"[A-Za-z_.]+", v)),
    _form("connection_key", "key=", r"(?i)\b(?:AccountKey|SharedAccessKey|SharedSecretValue|PrimaryKey)=(?P<secret>[A-Za-z0-9+/]{30,}={0,2})"),
    _form("connection_key", "sharedaccesssignature", r"(?i)\bsig=(?P<secret>[\w%+/=-]{30,})"),
    _form("authorization", "bearer token bot apikey", r"(?i)\b(?:bearer|token|bot|apikey|api-key)\s+(?P<secret>[A-Za-z0-9][\w.~+/-]{15,}={0,2})(?=$|[\s\"'`\\,;)<])", _is_key_like),
    _form("authorization", "basic", r"(?i)\bbasic\s+(?P<secret>[A-Za-z0-9+/]{8,}={0,2})(?=$|[\s\"'`\\,;)])", _is_basic),
    _form("header_key", ":", r"(?im)^\s*(?:x-[\w-]*|api|auth|private)-?(?:key|token|secret|auth|password)\s*:\s*(?P<secret>[^\s\"'`<>$]{8,})\s*$", _is_opaque),
    _form("header_key", "-h header", r"(?i)(?:-H|--header)[= ]*[\"'](?:x-[\w-]*|api|auth|private|proxy)-?(?:key|token|secret|auth|password|authorization)\s*:\s*(?P<secret>[^\s\"'`<>$]{8,})[\"']", _is_opaque),
    _form("command_password", "curl wget http", r"\b(?:curl|wget|http|xh)\b[^\n]*?[ \t](?:-u|--user|--proxy-user|-U|-a|--auth)[ =]*[\"']?[^\s:\"']+:(?P<secret>[^\s\"'$]{3,})", _is_literal),
    _form("command_password", "mysql maria", r"\b(?:mysql|mariadb|mysqldump|mysqladmin|mariadb-dump)\b[^\n|;]*?[ \t]-p(?P<secret>[^\s\"'$]{3,})", _is_literal),
    _form("command_password", "sshpass", r"\bsshpass[ \t]+-p[ \t]*[\"']?(?P<secret>[^\s\"'$]{3,})", _is_literal),
    _form("command_password", "login", r"\b(?:docker|podman|helm|az|oc|skopeo|buildah|npm|vault)\b[^\n|;]*\blogin\b[^\n|;]*?[ \t]-p[ =]*[\"']?(?P<secret>[^\s\"'$]{3,})", _is_literal),
    _form("sql_password", "identified password", r"(?i)\b(?:identified\s+(?:with\s+\w+\s+)?by|encrypted\s+password|password)\s+(?:password\s+)?'(?P<secret>[^'\n]{3,})'", _is_literal),
    _form("netrc_password", "machine", r"(?m)\bmachine\s+\S+(?:\s+(?:login|account)\s+\S+)*\s+password\s+(?P<secret>\S+)", _is_literal),
    _form("pgpass_password", ":", r"(?m)^(?:[\w.*-]+):(?:\d{2,5}|\*):(?:[\w*-]+):(?:[\w.*-]+):(?P<secret>\S{3,})$", _is_literal),
    _form("npmrc_password", "_auth _password", r"(?m)^\s*(?:[^\s=]+:)?_(?:auth|authToken|password)\s*=\s*[\"']?(?P<secret>[^\s\"'$]{6,})", _is_literal),
    _form("docker_auth", '"auth"', r"\"auth\"\s*:\s*\"(?P<secret>[A-Za-z0-9+/]{6,}={0,2})\"", _is_basic),
    _form("client_key_data", "key-data", r"\bclient-key-data:\s*(?P<secret>[A-Za-z0-9+/=]{32,})"),
)  # fmt: skip

FORMS = VENDOR_TOKENS + KEY_BLOCKS + SYNTAX
