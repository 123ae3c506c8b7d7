-- Times are microseconds since 1970-01-01T00:00Z; days are days since 1970-01-01, UTC. Ids are 16 bytes. The org leads every key:
-- as org_id, or in the big tables as org_no, the number it got when it was created.

CREATE TABLE smartdata.org (
    org_id      TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    zone        TEXT NOT NULL,
    generation  BIGINT NOT NULL,
    raw_from    BIGINT NOT NULL,
    hash_key    BYTEA NOT NULL,
    created_at  BIGINT NOT NULL,
    identity_scope  TEXT NOT NULL,
    org_no      INTEGER NOT NULL UNIQUE,
    declared_sources  INTEGER NOT NULL DEFAULT 0,
    tombstones        INTEGER NOT NULL DEFAULT 0
);

-- Compaction, rebuild, erasure and retention of one org exclude each other here; ingest never takes it.
-- Compaction goes on after the key named last.
CREATE TABLE smartdata.guard (
    org_id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    turn            BIGINT NOT NULL,
    last_family     TEXT COLLATE "C" NOT NULL DEFAULT '',
    last_bucket     TEXT COLLATE "C" NOT NULL DEFAULT '',
    last_source     TEXT COLLATE "C" NOT NULL DEFAULT '',
    last_dimension  TEXT COLLATE "C" NOT NULL DEFAULT ''
);

CREATE TABLE smartdata.source (
    org_id             TEXT COLLATE "C" NOT NULL,
    name               TEXT COLLATE "C" NOT NULL,
    source_id          INTEGER NOT NULL,
    declared           INTEGER NOT NULL DEFAULT 0,
    conflict_policy    TEXT NOT NULL DEFAULT 'REJECT',
    first_received_at  BIGINT,
    last_received_at   BIGINT,
    PRIMARY KEY (org_id, name),
    UNIQUE (org_id, source_id)
);

-- Raw events; the primary key is the authority on duplicates.
CREATE TABLE smartdata.event (
    org_no          INTEGER NOT NULL,
    day             INTEGER NOT NULL,
    source_id       INTEGER NOT NULL,
    event_id        BYTEA NOT NULL,
    event_id_text   TEXT,
    fingerprint     BYTEA NOT NULL,
    name            TEXT NOT NULL,
    occurred_at     BIGINT NOT NULL,
    value           NUMERIC,
    subject         TEXT,
    entity          TEXT,
    session         TEXT,
    schema_version  TEXT,
    properties      TEXT NOT NULL,
    received_at     BIGINT NOT NULL,
    receipt_id      BYTEA NOT NULL,
    PRIMARY KEY (org_no, day, source_id, event_id)
) PARTITION BY RANGE (day);

-- A job adds months; until it does, and for every other day, this one holds the rows.
CREATE TABLE smartdata.event_default PARTITION OF smartdata.event DEFAULT;

-- Only for identity.scope=forever: one row per (source, id) whatever the day.
CREATE TABLE smartdata.event_key (
    org_no       INTEGER NOT NULL,
    source_id    INTEGER NOT NULL,
    event_id     BYTEA NOT NULL,
    day          INTEGER NOT NULL,
    fingerprint  BYTEA NOT NULL,
    PRIMARY KEY (org_no, source_id, event_id)
);

-- Which events a transaction stored, up to a thousand a row: their keys only, so that no index of the event table has to be kept
-- for it. The number is the row's place in the order of arrival, given when somebody reads in that order.
CREATE TABLE smartdata.arrival (
    org_no       INTEGER NOT NULL,
    received_at  BIGINT NOT NULL,
    batch_id     BYTEA NOT NULL,
    piece        INTEGER NOT NULL,
    number       BIGINT,
    event_count  INTEGER NOT NULL,
    event_keys   BYTEA NOT NULL,
    PRIMARY KEY (org_no, received_at, batch_id, piece)
);

-- Ids are random: nothing to compress.
ALTER TABLE smartdata.arrival ALTER COLUMN event_keys SET STORAGE EXTERNAL;

CREATE UNIQUE INDEX arrival_by_number ON smartdata.arrival (org_no, number) WHERE number IS NOT NULL;

CREATE INDEX arrival_unnumbered ON smartdata.arrival (org_no, received_at, batch_id, piece) WHERE number IS NULL;

-- The last number given in an org; whoever gives more of them holds this row.
CREATE TABLE smartdata.arrival_number (
    org_no  INTEGER NOT NULL PRIMARY KEY,
    last    BIGINT NOT NULL
);

-- Keyed hashes of erased events, so that a replay cannot bring them back.
CREATE TABLE smartdata.tombstone (
    org_id      TEXT COLLATE "C" NOT NULL,
    key_hash    BYTEA NOT NULL,
    erased_at   BIGINT NOT NULL,
    PRIMARY KEY (org_id, key_hash)
);

CREATE TABLE smartdata.receipt (
    org_id           TEXT COLLATE "C" NOT NULL,
    id               BYTEA NOT NULL,
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
    content_hash     BYTEA,
    PRIMARY KEY (org_id, id)
);

CREATE UNIQUE INDEX receipt_idempotency_key ON smartdata.receipt (org_id, idempotency_key) WHERE idempotency_key IS NOT NULL;

CREATE TABLE smartdata.dead_letter (
    org_id       TEXT COLLATE "C" NOT NULL,
    id           BYTEA NOT NULL,
    receipt_id   BYTEA NOT NULL,
    source       TEXT COLLATE "C" NOT NULL,
    row_number   BIGINT NOT NULL,
    code         TEXT COLLATE "C" NOT NULL,
    field        TEXT,
    message      TEXT NOT NULL,
    format       TEXT NOT NULL,
    context      TEXT NOT NULL,
    payload      BYTEA NOT NULL,
    received_at  BIGINT NOT NULL,
    status       TEXT NOT NULL,
    attempts     INTEGER NOT NULL,
    note         TEXT,
    PRIMARY KEY (org_id, id)
);

CREATE INDEX dead_letter_order ON smartdata.dead_letter (org_id, status, received_at, receipt_id, row_number, id);

-- Triage counts by this alone, without the rows and their payloads.
CREATE INDEX dead_letter_triage ON smartdata.dead_letter (org_id, code, source, status, received_at);

CREATE TABLE smartdata.kpi_definition (
    org_id      TEXT COLLATE "C" NOT NULL,
    generation  BIGINT NOT NULL,
    name        TEXT COLLATE "C" NOT NULL,
    json        TEXT NOT NULL,
    PRIMARY KEY (org_id, generation, name)
);

-- What transactions added and compaction has not merged yet: a queue of rows, written by ingest, deleted by compaction. Its age
-- is read past the states, which are large and come last.
CREATE TABLE smartdata.kpi_delta (
    org_id      TEXT COLLATE "C" NOT NULL,
    generation  BIGINT NOT NULL,
    family      TEXT COLLATE "C" NOT NULL,
    bucket      TEXT COLLATE "C" NOT NULL,
    source      TEXT COLLATE "C" NOT NULL,
    dimension   TEXT COLLATE "C" NOT NULL,
    delta_id    BYTEA NOT NULL,
    added_at    BIGINT NOT NULL,
    state       BYTEA NOT NULL,
    PRIMARY KEY (org_id, generation, family, bucket, source, dimension, delta_id)
);

CREATE TABLE smartdata.kpi_cell (
    org_id      TEXT COLLATE "C" NOT NULL,
    generation  BIGINT NOT NULL,
    family      TEXT COLLATE "C" NOT NULL,
    bucket      TEXT COLLATE "C" NOT NULL,
    source      TEXT COLLATE "C" NOT NULL,
    dimension   TEXT COLLATE "C" NOT NULL,
    state       BYTEA NOT NULL,
    PRIMARY KEY (org_id, generation, family, bucket, source, dimension)
);

-- States are hashes and digits for the most part: trying to compress them costs more than it saves.
ALTER TABLE smartdata.kpi_delta ALTER COLUMN state SET STORAGE EXTERNAL;
ALTER TABLE smartdata.kpi_cell ALTER COLUMN state SET STORAGE EXTERNAL;

CREATE TABLE smartdata.anomaly (
    org_id            TEXT COLLATE "C" NOT NULL,
    kpi               TEXT COLLATE "C" NOT NULL,
    source            TEXT COLLATE "C" NOT NULL,
    dimension         TEXT COLLATE "C" NOT NULL,
    bucket            TEXT COLLATE "C" NOT NULL,
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
);

CREATE TABLE smartdata.forecast (
    org_id             TEXT COLLATE "C" NOT NULL,
    kpi                TEXT COLLATE "C" NOT NULL,
    source             TEXT COLLATE "C" NOT NULL,
    dimension          TEXT COLLATE "C" NOT NULL,
    model              TEXT NOT NULL,
    fallback_reason    TEXT,
    reliability_score  INTEGER,
    grade              TEXT NOT NULL,
    learnt_at          BIGINT NOT NULL,
    data_fresh_as_of   BIGINT NOT NULL,
    PRIMARY KEY (org_id, kpi, source, dimension)
);

CREATE TABLE smartdata.forecast_point (
    org_id     TEXT COLLATE "C" NOT NULL,
    kpi        TEXT COLLATE "C" NOT NULL,
    source     TEXT COLLATE "C" NOT NULL,
    dimension  TEXT COLLATE "C" NOT NULL,
    step       INTEGER NOT NULL,
    bucket     TEXT NOT NULL,
    mean       DOUBLE PRECISION NOT NULL,
    lower_80   DOUBLE PRECISION NOT NULL,
    upper_80   DOUBLE PRECISION NOT NULL,
    lower_95   DOUBLE PRECISION NOT NULL,
    upper_95   DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (org_id, kpi, source, dimension, step)
);

-- What a forecast was made with, and the values it was learnt from: doubles of eight bytes, missing ones NaN.
CREATE TABLE smartdata.forecast_model (
    org_id             TEXT COLLATE "C" NOT NULL,
    kpi                TEXT COLLATE "C" NOT NULL,
    source             TEXT COLLATE "C" NOT NULL,
    dimension          TEXT COLLATE "C" NOT NULL,
    spec               TEXT NOT NULL,
    basis              TEXT NOT NULL,
    document           TEXT NOT NULL,
    reliability_score  INTEGER,
    learnt_at          BIGINT NOT NULL,
    history_start      TEXT NOT NULL,
    history_step       BIGINT NOT NULL,
    history_unit       TEXT NOT NULL,
    history_zone       TEXT NOT NULL,
    history            BYTEA NOT NULL,
    PRIMARY KEY (org_id, kpi, source, dimension)
);

-- How good that model has been: fold by fold, and over all of them in fold 0.
CREATE TABLE smartdata.reliability (
    org_id             TEXT COLLATE "C" NOT NULL,
    kpi                TEXT COLLATE "C" NOT NULL,
    source             TEXT COLLATE "C" NOT NULL,
    dimension          TEXT COLLATE "C" NOT NULL,
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
);

-- Number of the newest lease of each job: grows whenever the lease changes hands, and every write of the job checks it. Apart
-- from the lease itself, whose row changes with every heartbeat.
CREATE TABLE smartdata.job_fence (
    job    TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    fence  BIGINT NOT NULL
);

-- What a job has done for a slot, written in the transaction that did it.
CREATE TABLE smartdata.job_effect (
    job   TEXT COLLATE "C" NOT NULL,
    slot  BIGINT NOT NULL,
    unit  TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (job, slot, unit)
);

-- Moment of the data behind the last run of each derived answer; gone with the generation it was derived from.
CREATE TABLE smartdata.derivation (
    org_id            TEXT COLLATE "C" NOT NULL,
    answer            TEXT COLLATE "C" NOT NULL,
    kpi               TEXT COLLATE "C" NOT NULL,
    source            TEXT COLLATE "C" NOT NULL,
    dimension         TEXT COLLATE "C" NOT NULL,
    data_fresh_as_of  BIGINT NOT NULL,
    PRIMARY KEY (org_id, answer, kpi, source, dimension)
);

-- Who runs a job, and until when unless it is renewed. A lease that was given back ends at 0.
CREATE TABLE smartdata.lease (
    job      TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    owner    TEXT NOT NULL,
    fence    BIGINT NOT NULL,
    ends_at  BIGINT NOT NULL
);

-- One row for each slot of a job, whoever runs it.
CREATE TABLE smartdata.job_run (
    job            TEXT COLLATE "C" NOT NULL,
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
);

-- Who did what: rows are only ever added. The system's own log has the empty text for an org.
CREATE TABLE smartdata.audit (
    org_id   TEXT COLLATE "C" NOT NULL,
    id       BYTEA NOT NULL,
    at       BIGINT NOT NULL,
    caller   TEXT NOT NULL,
    action   TEXT NOT NULL,
    target   TEXT NOT NULL,
    detail   TEXT NOT NULL,
    outcome  TEXT NOT NULL,
    PRIMARY KEY (org_id, at, id)
);

-- Exports that run by themselves. A node may take one from not_before on: before that it rests, or another node has it.
CREATE TABLE smartdata.export_job (
    org_id        TEXT COLLATE "C" NOT NULL,
    id            BYTEA NOT NULL,
    caller        TEXT COLLATE "C" NOT NULL,
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
);

CREATE TABLE smartdata.export_chunk (
    org_id  TEXT COLLATE "C" NOT NULL,
    id      BYTEA NOT NULL,
    number  INTEGER NOT NULL,
    bytes   BYTEA NOT NULL,
    PRIMARY KEY (org_id, id, number)
);

ALTER TABLE smartdata.export_chunk ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- What people say about the anomalies of some days; the empty text for a KPI means all.
CREATE TABLE smartdata.alert_mark (
    org_id    TEXT COLLATE "C" NOT NULL,
    kind      TEXT COLLATE "C" NOT NULL,
    kpi       TEXT COLLATE "C" NOT NULL,
    from_day  TEXT COLLATE "C" NOT NULL,
    to_day    TEXT NOT NULL,
    note      TEXT NOT NULL,
    PRIMARY KEY (org_id, kind, kpi, from_day)
);

-- What the detector of a series remembers of the days before one, so that a night reads the days after it only.
CREATE TABLE smartdata.detector_memory (
    org_id     TEXT COLLATE "C" NOT NULL,
    kpi        TEXT COLLATE "C" NOT NULL,
    source     TEXT COLLATE "C" NOT NULL,
    dimension  TEXT COLLATE "C" NOT NULL,
    basis      TEXT NOT NULL,
    day        TEXT NOT NULL,
    state      BYTEA NOT NULL,
    PRIMARY KEY (org_id, kpi, source, dimension)
);
