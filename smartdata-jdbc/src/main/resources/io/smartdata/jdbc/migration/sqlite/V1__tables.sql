-- Times are microseconds since 1970-01-01T00:00Z; days are days since 1970-01-01, UTC. Ids are 16 bytes. The org leads every key:
-- as org_id, or in the big tables as org_no, the number it got when it was created.

CREATE TABLE sd_org (
    org_id      TEXT NOT NULL PRIMARY KEY,
    zone        TEXT NOT NULL,
    generation  BIGINT NOT NULL,
    raw_from    BIGINT NOT NULL,
    hash_key    BLOB NOT NULL,
    created_at  BIGINT NOT NULL,
    identity_scope  TEXT NOT NULL,
    org_no      INTEGER NOT NULL UNIQUE,
    declared_sources  INTEGER NOT NULL DEFAULT 0,
    tombstones        INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

-- Compaction, rebuild, erasure and retention of one org exclude each other here; ingest never takes it.
-- Compaction goes on after the key named last.
CREATE TABLE sd_guard (
    org_id          TEXT NOT NULL PRIMARY KEY,
    turn            BIGINT NOT NULL,
    last_family     TEXT NOT NULL DEFAULT '',
    last_bucket     TEXT NOT NULL DEFAULT '',
    last_source     TEXT NOT NULL DEFAULT '',
    last_dimension  TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;

CREATE TABLE sd_source (
    org_id             TEXT NOT NULL,
    name               TEXT NOT NULL,
    source_id          INTEGER NOT NULL,
    declared           INTEGER NOT NULL DEFAULT 0,
    conflict_policy    TEXT NOT NULL DEFAULT 'REJECT',
    first_received_at  BIGINT,
    last_received_at   BIGINT,
    PRIMARY KEY (org_id, name),
    UNIQUE (org_id, source_id)
) WITHOUT ROWID;

-- Raw events; the primary key is the authority on duplicates. Rows stand in the order they came and the key beside them:
-- random ids then move entries of an index, not rows.
CREATE TABLE sd_event (
    org_no          INTEGER NOT NULL,
    day             INTEGER NOT NULL,
    source_id       INTEGER NOT NULL,
    event_id        BLOB NOT NULL,
    event_id_text   TEXT,
    fingerprint     BLOB NOT NULL,
    name            TEXT NOT NULL,
    occurred_at     BIGINT NOT NULL,
    value           TEXT,
    subject         TEXT,
    entity          TEXT,
    session         TEXT,
    schema_version  TEXT,
    properties      TEXT NOT NULL,
    received_at     BIGINT NOT NULL,
    receipt_id      BLOB NOT NULL,
    PRIMARY KEY (org_no, day, source_id, event_id)
);

-- Only for identity.scope=forever: one row per (source, id) whatever the day.
CREATE TABLE sd_event_key (
    org_no       INTEGER NOT NULL,
    source_id    INTEGER NOT NULL,
    event_id     BLOB NOT NULL,
    day          INTEGER NOT NULL,
    fingerprint  BLOB NOT NULL,
    PRIMARY KEY (org_no, source_id, event_id)
) WITHOUT ROWID;

-- Which events a transaction stored, up to a thousand a row: their keys only, so that no index of the event table has to be kept
-- for it. The number is the row's place in the order of arrival, given when somebody reads in that order.
CREATE TABLE sd_arrival (
    org_no       INTEGER NOT NULL,
    received_at  BIGINT NOT NULL,
    batch_id     BLOB NOT NULL,
    piece        INTEGER NOT NULL,
    number       BIGINT,
    event_count  INTEGER NOT NULL,
    event_keys   BLOB NOT NULL,
    PRIMARY KEY (org_no, received_at, batch_id, piece)
);

CREATE UNIQUE INDEX sd_arrival_by_number ON sd_arrival (org_no, number) WHERE number IS NOT NULL;

CREATE INDEX sd_arrival_unnumbered ON sd_arrival (org_no, received_at, batch_id, piece) WHERE number IS NULL;

-- The last number given in an org; whoever gives more of them holds this row.
CREATE TABLE sd_arrival_number (
    org_no  INTEGER NOT NULL PRIMARY KEY,
    last    BIGINT NOT NULL
) WITHOUT ROWID;

-- Keyed hashes of erased events, so that a replay cannot bring them back.
CREATE TABLE sd_tombstone (
    org_id      TEXT NOT NULL,
    key_hash    BLOB NOT NULL,
    erased_at   BIGINT NOT NULL,
    PRIMARY KEY (org_id, key_hash)
) WITHOUT ROWID;

CREATE TABLE sd_receipt (
    org_id           TEXT NOT NULL,
    id               BLOB NOT NULL,
    source           TEXT NOT NULL,
    received         BIGINT NOT NULL,
    accepted         BIGINT NOT NULL,
    duplicates       BIGINT NOT NULL,
    conflicts        BIGINT NOT NULL,
    rejected         BIGINT NOT NULL,
    complete         INTEGER NOT NULL,
    json             TEXT NOT NULL,
    received_at      BIGINT NOT NULL,
    idempotency_key  TEXT,
    content_hash     BLOB,
    PRIMARY KEY (org_id, id)
);

CREATE UNIQUE INDEX sd_receipt_idempotency_key ON sd_receipt (org_id, idempotency_key) WHERE idempotency_key IS NOT NULL;

CREATE TABLE sd_dead_letter (
    org_id       TEXT NOT NULL,
    id           BLOB NOT NULL,
    receipt_id   BLOB NOT NULL,
    source       TEXT NOT NULL,
    row_number   BIGINT NOT NULL,
    code         TEXT NOT NULL,
    field        TEXT,
    message      TEXT NOT NULL,
    format       TEXT NOT NULL,
    context      TEXT NOT NULL,
    payload      BLOB NOT NULL,
    received_at  BIGINT NOT NULL,
    status       TEXT NOT NULL,
    attempts     INTEGER NOT NULL,
    note         TEXT,
    PRIMARY KEY (org_id, id)
);

CREATE INDEX sd_dead_letter_order ON sd_dead_letter (org_id, status, received_at, receipt_id, row_number, id);

-- Triage counts by this alone, without the rows and their payloads.
CREATE INDEX sd_dead_letter_triage ON sd_dead_letter (org_id, code, source, status, received_at);

CREATE TABLE sd_kpi_definition (
    org_id      TEXT NOT NULL,
    generation  BIGINT NOT NULL,
    name        TEXT NOT NULL,
    json        TEXT NOT NULL,
    PRIMARY KEY (org_id, generation, name)
) WITHOUT ROWID;

-- What transactions added and compaction has not merged yet: a queue of rows, written by ingest, deleted by compaction. Its age
-- is read past the states, which are large and come last.
CREATE TABLE sd_kpi_delta (
    org_id      TEXT NOT NULL,
    generation  BIGINT NOT NULL,
    family      TEXT NOT NULL,
    bucket      TEXT NOT NULL,
    source      TEXT NOT NULL,
    dimension   TEXT NOT NULL,
    delta_id    BLOB NOT NULL,
    added_at    BIGINT NOT NULL,
    state       BLOB NOT NULL,
    PRIMARY KEY (org_id, generation, family, bucket, source, dimension, delta_id)
) WITHOUT ROWID;

CREATE TABLE sd_kpi_cell (
    org_id      TEXT NOT NULL,
    generation  BIGINT NOT NULL,
    family      TEXT NOT NULL,
    bucket      TEXT NOT NULL,
    source      TEXT NOT NULL,
    dimension   TEXT NOT NULL,
    state       BLOB NOT NULL,
    PRIMARY KEY (org_id, generation, family, bucket, source, dimension)
) WITHOUT ROWID;

CREATE TABLE sd_anomaly (
    org_id            TEXT NOT NULL,
    kpi               TEXT NOT NULL,
    source            TEXT NOT NULL,
    dimension         TEXT NOT NULL,
    bucket            TEXT NOT NULL,
    value             DOUBLE PRECISION NOT NULL,
    expected          DOUBLE PRECISION NOT NULL,
    lower_bound       DOUBLE PRECISION NOT NULL,
    upper_bound       DOUBLE PRECISION NOT NULL,
    score             DOUBLE PRECISION NOT NULL,
    severity          TEXT NOT NULL,
    shape             TEXT NOT NULL,
    reason            TEXT NOT NULL,
    detector          TEXT NOT NULL,
    incident          TEXT,
    data_fresh_as_of  BIGINT NOT NULL,
    PRIMARY KEY (org_id, kpi, source, dimension, bucket)
) WITHOUT ROWID;

CREATE TABLE sd_forecast (
    org_id             TEXT NOT NULL,
    kpi                TEXT NOT NULL,
    source             TEXT NOT NULL,
    dimension          TEXT NOT NULL,
    model              TEXT NOT NULL,
    fallback_reason    TEXT,
    reliability_score  INTEGER,
    grade              TEXT NOT NULL,
    learnt_at          BIGINT NOT NULL,
    data_fresh_as_of   BIGINT NOT NULL,
    PRIMARY KEY (org_id, kpi, source, dimension)
) WITHOUT ROWID;

CREATE TABLE sd_forecast_point (
    org_id     TEXT NOT NULL,
    kpi        TEXT NOT NULL,
    source     TEXT NOT NULL,
    dimension  TEXT NOT NULL,
    step       INTEGER NOT NULL,
    bucket     TEXT NOT NULL,
    mean       DOUBLE PRECISION NOT NULL,
    lower_80   DOUBLE PRECISION NOT NULL,
    upper_80   DOUBLE PRECISION NOT NULL,
    lower_95   DOUBLE PRECISION NOT NULL,
    upper_95   DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (org_id, kpi, source, dimension, step)
) WITHOUT ROWID;

-- What a forecast was made with, and the values it was learnt from: doubles of eight bytes, missing ones NaN.
CREATE TABLE sd_forecast_model (
    org_id             TEXT NOT NULL,
    kpi                TEXT NOT NULL,
    source             TEXT NOT NULL,
    dimension          TEXT NOT NULL,
    spec               TEXT NOT NULL,
    basis              TEXT NOT NULL,
    document           TEXT NOT NULL,
    reliability_score  INTEGER,
    learnt_at          BIGINT NOT NULL,
    history_start      TEXT NOT NULL,
    history_step       BIGINT NOT NULL,
    history_unit       TEXT NOT NULL,
    history_zone       TEXT NOT NULL,
    history            BLOB NOT NULL,
    PRIMARY KEY (org_id, kpi, source, dimension)
) WITHOUT ROWID;

-- How good that model has been: fold by fold, and over all of them in fold 0.
CREATE TABLE sd_reliability (
    org_id             TEXT NOT NULL,
    kpi                TEXT NOT NULL,
    source             TEXT NOT NULL,
    dimension          TEXT NOT NULL,
    fold               INTEGER NOT NULL,
    model              TEXT NOT NULL,
    horizon            INTEGER NOT NULL,
    score              INTEGER,
    trained_until      TEXT,
    training_size      INTEGER,
    points             INTEGER NOT NULL,
    mae                DOUBLE PRECISION,
    rmse               DOUBLE PRECISION,
    bias               DOUBLE PRECISION,
    smape              DOUBLE PRECISION,
    wape               DOUBLE PRECISION,
    mape               DOUBLE PRECISION,
    mase               DOUBLE PRECISION,
    coverage           DOUBLE PRECISION,
    PRIMARY KEY (org_id, kpi, source, dimension, fold)
) WITHOUT ROWID;

-- Number of the newest lease of each job: grows whenever the lease changes hands, and every write of the job checks it. Apart
-- from the lease itself, whose row changes with every heartbeat.
CREATE TABLE sd_job_fence (
    job    TEXT NOT NULL PRIMARY KEY,
    fence  BIGINT NOT NULL
) WITHOUT ROWID;

-- What a job has done for a slot, written in the transaction that did it.
CREATE TABLE sd_job_effect (
    job   TEXT NOT NULL,
    slot  BIGINT NOT NULL,
    unit  TEXT NOT NULL,
    PRIMARY KEY (job, slot, unit)
) WITHOUT ROWID;

-- Moment of the data behind the last run of each derived answer; gone with the generation it was derived from.
CREATE TABLE sd_derivation (
    org_id            TEXT NOT NULL,
    answer            TEXT NOT NULL,
    kpi               TEXT NOT NULL,
    source            TEXT NOT NULL,
    dimension         TEXT NOT NULL,
    data_fresh_as_of  BIGINT NOT NULL,
    PRIMARY KEY (org_id, answer, kpi, source, dimension)
) WITHOUT ROWID;

-- Who runs a job, and until when unless it is renewed. A lease that was given back ends at 0.
CREATE TABLE sd_lease (
    job      TEXT NOT NULL PRIMARY KEY,
    owner    TEXT NOT NULL,
    fence    BIGINT NOT NULL,
    ends_at  BIGINT NOT NULL
) WITHOUT ROWID;

-- One row for each slot of a job, whoever runs it.
CREATE TABLE sd_job_run (
    job            TEXT NOT NULL,
    slot           BIGINT NOT NULL,
    owner          TEXT NOT NULL,
    fence          BIGINT NOT NULL,
    attempt        INTEGER NOT NULL,
    status         TEXT NOT NULL,
    started_at     BIGINT NOT NULL,
    ended_at       BIGINT,
    processed      BIGINT NOT NULL,
    error_code     TEXT,
    error_message  TEXT,
    PRIMARY KEY (job, slot)
) WITHOUT ROWID;

-- Who did what: rows are only ever added. The system's own log has the empty text for an org.
CREATE TABLE sd_audit (
    org_id   TEXT NOT NULL,
    id       BLOB NOT NULL,
    at       BIGINT NOT NULL,
    caller   TEXT NOT NULL,
    action   TEXT NOT NULL,
    target   TEXT NOT NULL,
    detail   TEXT NOT NULL,
    outcome  TEXT NOT NULL,
    PRIMARY KEY (org_id, at, id)
) WITHOUT ROWID;

-- Exports that run by themselves. A node may take one from not_before on: before that it rests, or another node has it.
CREATE TABLE sd_export_job (
    org_id        TEXT NOT NULL,
    id            BLOB NOT NULL,
    caller        TEXT NOT NULL,
    source        TEXT,
    from_time     BIGINT NOT NULL,
    to_time       BIGINT NOT NULL,
    format        TEXT NOT NULL,
    gzip          INTEGER NOT NULL,
    status        TEXT NOT NULL,
    attempt       INTEGER NOT NULL,
    not_before    BIGINT NOT NULL,
    requested_at  BIGINT NOT NULL,
    finished_at   BIGINT,
    expires_at    BIGINT NOT NULL,
    row_count     BIGINT NOT NULL,
    byte_count    BIGINT NOT NULL,
    sha256        TEXT,
    error_code    TEXT,
    PRIMARY KEY (org_id, id)
) WITHOUT ROWID;

CREATE TABLE sd_export_chunk (
    org_id  TEXT NOT NULL,
    id      BLOB NOT NULL,
    number  INTEGER NOT NULL,
    bytes   BLOB NOT NULL,
    PRIMARY KEY (org_id, id, number)
);

-- What people say about the anomalies of some days; the empty text for a KPI means all.
CREATE TABLE sd_alert_mark (
    org_id    TEXT NOT NULL,
    kind      TEXT NOT NULL,
    kpi       TEXT NOT NULL,
    from_day  TEXT NOT NULL,
    to_day    TEXT NOT NULL,
    note      TEXT NOT NULL,
    PRIMARY KEY (org_id, kind, kpi, from_day)
) WITHOUT ROWID;

-- What the detector of a series remembers of the days before one, so that a night reads the days after it only.
CREATE TABLE sd_detector_memory (
    org_id     TEXT NOT NULL,
    kpi        TEXT NOT NULL,
    source     TEXT NOT NULL,
    dimension  TEXT NOT NULL,
    basis      TEXT NOT NULL,
    day        TEXT NOT NULL,
    state      BLOB NOT NULL,
    PRIMARY KEY (org_id, kpi, source, dimension)
) WITHOUT ROWID;
