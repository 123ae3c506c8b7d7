-- Three roles for smartdata on PostgreSQL 13 and later:
--   smartdata_migrate  owns the schema and its tables: upgrades them, makes partitions
--   smartdata_app      owns nothing: reads and writes rows
--   smartdata_read     reads rows
-- Run it in the database after smartdata migrate, and again after every upgrade, as a superuser or as a member of
-- smartdata_migrate who owns the tables. It may run any number of times. New roles have no password yet.

BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL client_min_messages = 'warning';

DO $roles$
DECLARE
    wanted TEXT;
BEGIN
    IF to_regclass('smartdata.schema_history') IS NULL THEN
        RAISE EXCEPTION 'smartdata has no tables in this database yet. Make them first: smartdata migrate.';
    END IF;
    FOREACH wanted IN ARRAY ARRAY['smartdata_migrate', 'smartdata_app', 'smartdata_read'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            EXECUTE format('CREATE ROLE %I LOGIN', wanted);
        END IF;
    END LOOP;
END
$roles$;

ALTER SCHEMA smartdata OWNER TO smartdata_migrate;
REVOKE ALL ON SCHEMA smartdata FROM PUBLIC, smartdata_app, smartdata_read;
GRANT USAGE ON SCHEMA smartdata TO smartdata_app, smartdata_read;

-- A partition made later is reached through smartdata.event only: rights and policies there say all.
ALTER DEFAULT PRIVILEGES FOR ROLE smartdata_migrate IN SCHEMA smartdata
    REVOKE ALL ON TABLES FROM PUBLIC, smartdata_app, smartdata_read;

DO $rights$
DECLARE
    found RECORD;
BEGIN
    FOR found IN
        SELECT oid::regclass AS name, relname, relispartition, pg_get_userbyid(relowner) AS owner
        FROM pg_class
        WHERE relnamespace = 'smartdata'::regnamespace AND relkind IN ('r', 'p')
        ORDER BY oid
    LOOP
        IF found.owner <> 'smartdata_migrate' THEN
            EXECUTE format('ALTER TABLE %s OWNER TO smartdata_migrate', found.name);
        END IF;
        EXECUTE format('REVOKE ALL ON %s FROM PUBLIC, smartdata_app, smartdata_read', found.name);
        CONTINUE WHEN found.relispartition;
        EXECUTE format(
            'GRANT %s ON %s TO smartdata_app',
            CASE found.relname
                WHEN 'schema_history' THEN 'SELECT'
                WHEN 'audit' THEN 'SELECT, INSERT'
                ELSE 'SELECT, INSERT, UPDATE, DELETE'
            END,
            found.name);
        -- The hash key would let a reader test guesses against hashed subjects.
        EXECUTE format(
            'GRANT SELECT (%s) ON %s TO smartdata_read',
            (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum)
             FROM pg_attribute
             WHERE attrelid = found.name AND attnum > 0 AND NOT attisdropped AND attname <> 'hash_key'),
            found.name);
    END LOOP;
END
$rights$;

COMMIT;
