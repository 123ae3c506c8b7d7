-- Row-level security for smartdata: a statement sees and writes the rows of one org only, that of the setting smartdata.org,
-- which smartdata sets for each transaction; without it, none. Jobs that serve all orgs read what they need under
-- smartdata.system. Run it after the script of the roles, and again after every upgrade; then restart the application.
-- To take it off: ALTER TABLE ... DISABLE ROW LEVEL SECURITY on each of the tables.

BEGIN;
SET LOCAL lock_timeout = '10s';
SET LOCAL client_min_messages = 'warning';

DO $policies$
DECLARE
    -- In a subquery, so that it is worked out once for a statement and not for each row.
    org_id CONSTANT TEXT := 'org_id = (SELECT nullif(current_setting(''smartdata.org'', true), ''''))';
    org_no CONSTANT TEXT := 'org_no = (SELECT o.org_no FROM smartdata.org o'
        ' WHERE o.org_id = nullif(current_setting(''smartdata.org'', true), ''''))';
    system CONSTANT TEXT := '(SELECT current_setting(''smartdata.system'', true)) = ''on''';
    found RECORD;
BEGIN
    FOR found IN
        SELECT DISTINCT ON (c.oid) c.oid::regclass AS name, c.relname, a.attname AS org
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname IN ('org_id', 'org_no')
        WHERE c.relnamespace = 'smartdata'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        ORDER BY c.oid, a.attname
    LOOP
        EXECUTE format('DROP POLICY IF EXISTS own_org ON %s', found.name);
        EXECUTE format(
            'CREATE POLICY own_org ON %s USING (%s)',
            found.name, CASE found.org WHEN 'org_id' THEN org_id ELSE org_no END);
        EXECUTE format('DROP POLICY IF EXISTS all_orgs ON %s', found.name);
        IF found.relname IN ('org', 'kpi_delta', 'derivation', 'dead_letter', 'receipt', 'export_job') THEN
            EXECUTE format(
                'CREATE POLICY all_orgs ON %s FOR SELECT TO smartdata_app, smartdata_migrate'
                ' USING (%s)',
                found.name, system);
        END IF;
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', found.name);
    END LOOP;

    -- Who reads across orgs is written into the log of each, and into the system's own, whose org is the empty text.
    EXECUTE 'CREATE POLICY all_orgs ON smartdata.audit FOR SELECT TO smartdata_app, smartdata_migrate'
        ' USING (org_id = '''' AND ' || system || ')';
    EXECUTE 'DROP POLICY IF EXISTS all_orgs_add ON smartdata.audit';
    EXECUTE 'CREATE POLICY all_orgs_add ON smartdata.audit FOR INSERT TO smartdata_app WITH CHECK (' || system || ')';
END
$policies$;

COMMIT;
