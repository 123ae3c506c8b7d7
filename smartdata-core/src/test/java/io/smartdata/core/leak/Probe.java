package io.smartdata.core.leak;

/** What one org could try to learn of another: something that the other one has, and that names something. */
enum Probe {
    ORG,
    CALLER,
    RECEIPT,
    LETTER,
    AUDIT_RECORD,
    EXPORT,
    EVENT_ID,
    IDEMPOTENCY_KEY,
    SOURCE,
    EVENT_NAME,
    KPI,
    SUBJECT,
    ENTITY;

    /** How it is masked in an answer: what was asked with may come back. */
    String mask() {
        return "<" + name() + ">";
    }
}
