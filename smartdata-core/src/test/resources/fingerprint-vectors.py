"""Makes fingerprint-vectors.jsonl independently of the Java code: python3 fingerprint-vectors.py > fingerprint-vectors.jsonl

Version 1: byte 1, then the first 15 bytes of HMAC-SHA256(key, message). Message: "F", text name, 8 bytes microsecond,
texts value, subject, entity, session, schemaVersion, then name and value of each property in UTF-16 order, then an
absent text. A text is byte 1, 4 bytes length, UTF-8; absent is byte 0. Names and texts of properties are in their JSON
escaped form without the quotes; nested values are canonical JSON under byte 2; nulls are left out.
"""
import decimal, hashlib, hmac, json, struct

KEY = b"0123456789abcdef0123456789abcdef"


def tagged(tag, text):
    data = text.encode()
    return bytes([tag]) + struct.pack(">I", len(data)) + data


def text(value):
    return b"\0" if value is None else tagged(1, value)


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def properties(members):
    out = b""
    for name in sorted(members, key=lambda n: n.encode("utf-16-be")):
        value = members[name]
        if value is None:
            continue
        out += tagged(1, canonical(name)[1:-1])
        if isinstance(value, str):
            out += tagged(1, canonical(value)[1:-1])
        else:
            out += tagged(2 if isinstance(value, (dict, list)) else 1, canonical(value))
    return out + b"\0"


def fingerprint(e):
    value = e.get("value")
    if value is not None:
        value = format(decimal.Decimal(value).normalize(), "f")
    message = b"F" + text(e["name"]) + struct.pack(">q", e["micros"]) + text(value)
    for field in ("subject", "entity", "session", "schemaVersion"):
        message += text(e.get(field))
    message += properties(e.get("properties", {}))
    return (b"\1" + hmac.new(KEY, message, hashlib.sha256).digest()[:15]).hex()


EVENTS = [
    {"name": "x", "micros": 0},
    {"name": "sale", "micros": 1714557600000000, "value": "1.50"},
    {"name": "sale", "micros": 1714557600123456, "value": "1e3", "subject": "u1", "entity": "course/42/lesson/7"},
    {"name": "größe 𝒜", "micros": 1, "value": "-0.0000001", "session": "s", "schemaVersion": "2"},
    {"name": "p", "micros": 2, "properties": {"b": True, "a": "5", "n": None, "t": "a\"b\\c\n\td"}},
    {"name": "p", "micros": 2, "properties": {"b": "true", "a": 5, "t": "a\"b\\c\n\td"}},
    {"name": "p", "micros": 2, "properties": {"o": {"z": [1, "x", None, {}], "a": "}"}, "l": [], "s": "[]"}},
    {"name": "p", "micros": 2, "properties": {"\uffee": 1, "\U0001d49c": 2, "é": "ü"}},
    {"name": "zero", "micros": 3, "value": "0.000"},
]
for event in EVENTS:
    print(json.dumps({"event": event, "fingerprint": fingerprint(event)}, ensure_ascii=False))
