-- Of SQLite and PostgreSQL alike. Times are seconds since 1970.
CREATE TABLE IF NOT EXISTS app_account (
    name VARCHAR(200) NOT NULL PRIMARY KEY,
    org VARCHAR(128) NOT NULL,
    role VARCHAR(20) NOT NULL,
    password VARCHAR(100) NOT NULL,
    active BOOLEAN NOT NULL
);

-- One row a login. Of the refresh token only the hash of the newest one is kept.
CREATE TABLE IF NOT EXISTS app_session (
    id VARCHAR(22) NOT NULL PRIMARY KEY,
    account VARCHAR(200) NOT NULL REFERENCES app_account (name),
    token_hash VARCHAR(64) NOT NULL,
    token_ends BIGINT NOT NULL,
    session_ends BIGINT NOT NULL
);

CREATE INDEX IF NOT EXISTS app_session_ends ON app_session (session_ends);
CREATE INDEX IF NOT EXISTS app_session_account ON app_session (account);
