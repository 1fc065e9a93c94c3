//! Each statement finds its rows by its index and reads about as many rows as it returns, for any number of other rows.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to stop")]

mod common;

use common::TestDb;
use jobs_core::{Filter, JobId, Order, State, Store};
use tokio_postgres::Client;

/// The settings of the store's connections, with which a plan does not depend on the contents of the tables.
const SETTINGS: &str = "SET plan_cache_mode = force_generic_plan; SET jit = off; SET enable_seqscan = off;
    SET enable_bitmapscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_sort = off";

/// What a snapshot sets besides: its statements are planned at each call.
const SNAPSHOT: &str = "SET plan_cache_mode = force_custom_plan; SET enable_sort = on";

/// Jobs of each kind in three queues; [`of_each_kind`] sets how many.
const FILL: &str = "
    INSERT INTO {schema}.jobs (id, state, due_at, enqueued_at, version, priority, queue, name, arguments)
    SELECT gen_random_uuid(), state, n, n, 1, n % 3, 'queue' || n % 3, 'test', '{}'
    FROM generate_series(1, {each}) AS n, unnest(ARRAY[0, 2, 4]) AS state;
    INSERT INTO {schema}.done (seq, id, claims, due_at, enqueued_at, done_at, version, priority, attempts, crashes, state,
                               queue, name, arguments)
    SELECT n, gen_random_uuid(), 1, n, n, n, 1, 0, 1, 0, 5 + n % 2, 'queue', 'test', '{}' FROM generate_series(1, {each}) AS n;
    ANALYZE {schema}.jobs; ANALYZE {schema}.done";

/// The statements with the number of jobs of each kind: 20,000, or a third of `JOBS_TEST_ROWS`.
fn of_each_kind(statements: &str) -> String {
    let rows = std::env::var("JOBS_TEST_ROWS").map_or(60_000, |rows| rows.parse::<u64>().unwrap());
    statements.replace("{each}", &(rows / 3).to_string())
}

macro_rules! statement {
    ($name:literal) => {
        include_str!(concat!("../src/sql/", $name, ".sql"))
    };
}

/// A statement made of these parts.
macro_rules! parts {
    ($($part:literal),*) => {
        concat!($(statement!($part)),*)
    };
}

const CLAIM_ALL: &str = parts!("claim", "from_all", "claim_rows");
const CLAIM_QUEUES: &str = parts!("claim", "from_queues", "claim_rows");
const CLAIM_SELECTORS: &str = parts!("claim", "open_queues", "from_selectors", "claim_rows");
const CLAIM: &str = "int8, int8, int8, text[], bool[], int8[], int8";
const WORK_ALL: &str = parts!("finish_and_claim", "from_all", "claim_rows");
const WORK: &str = "int8, int8, int8, text[], bool[], int8[], int8, uuid[], int8[], bool";

/// A schema with many jobs, and a connection with the settings of the store.
async fn filled() -> Option<(TestDb, Client)> {
    let db = TestDb::new()?;
    drop(db.open().await);
    db.run(&of_each_kind(FILL)).await;
    db.run("INSERT INTO {schema}.holders (process, since) VALUES (1, 1)").await;
    let client = db.stranger().await;
    client.batch_execute(SETTINGS).await.unwrap();
    Some((db, client))
}

/// Runs a statement and returns its plan.
async fn plan(db: &TestDb, client: &Client, text: &str, types: &str, values: &str) -> String {
    let text = db.sql(text).replace("{channel}", "test").replace("{first_errors}", "5").replace("{last_errors}", "45");
    let (types, values) =
        if types.is_empty() { (String::new(), String::new()) } else { (format!("({types})"), format!("({values})")) };
    client.batch_execute(&format!("DEALLOCATE ALL; PREPARE tried {types} AS {text}")).await.unwrap();
    let explain = format!("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) EXECUTE tried {values}");
    let lines = client.simple_query(&explain).await.unwrap();
    let line = |message: &tokio_postgres::SimpleQueryMessage| match message {
        tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    };
    lines.iter().filter_map(line).collect::<Vec<_>>().join("\n")
}

/// The most rows that any node of the plan returned or discarded.
fn most_rows(plan: &str) -> u64 {
    let words = plan.split([' ', '\n', ')', '=', ':']).collect::<Vec<_>>();
    let counts = words.windows(2).filter(|pair| pair[0] == "rows" || pair[0] == "Filter" || pair[0] == "Heap Fetches");
    counts.filter_map(|pair| pair[1].parse().ok()).max().unwrap_or(0)
}

#[track_caller]
fn goes_by(plan: &str, indexes: &[&str], most: u64) {
    for index in indexes {
        assert!(plan.contains(&format!("using {index} on")), "{index} is not used:\n{plan}");
    }
    assert!(
        !["jobs", "done", "unique_keys"].iter().any(|table| plan.contains(&format!("Seq Scan on {table}"))),
        "a table is read through:\n{plan}"
    );
    assert!(most_rows(plan) <= most, "more than {most} rows are touched:\n{plan}");
}

#[tokio::test]
async fn a_claim_reads_no_more_rows_than_it_claims() {
    let Some((db, client)) = filled().await else { return };
    let claim = async |text, selectors| plan(&db, &client, text, CLAIM, &format!("1, 1, 100, {selectors}, NULL")).await;
    let all = claim(CLAIM_ALL, "'{\"\"}', '{t}', '{100}'").await;
    goes_by(&all, &["jobs_ready_by_age"], 101);
    let queues = claim(CLAIM_QUEUES, "'{none,queue1,queue2}', '{}', '{100,100,100}'").await;
    goes_by(&queues, &["jobs_ready"], 101);
    let prefix = claim(CLAIM_SELECTORS, "'{queue}', '{t}', '{100}'").await;
    goes_by(&prefix, &["jobs_ready_by_age"], 101);
    let limited = claim(CLAIM_SELECTORS, "'{queue1,queue2,queue}', '{f,f,t}', '{20,20,60}'").await;
    goes_by(&limited, &["jobs_ready", "jobs_ready_by_age"], 101);
}

/// Gives each hundred of the ready jobs a queue of its own.
const SPREAD: &str = "
    UPDATE {schema}.jobs SET queue = 'tenant' || ranked.n % ({each} / 33)
    FROM (SELECT id, row_number() OVER (ORDER BY seq) AS n FROM {schema}.jobs WHERE state = 2) AS ranked
    WHERE ranked.id = jobs.id;
    VACUUM {schema}.jobs";

#[tokio::test]
async fn a_claim_among_many_queues_reads_no_more_rows_than_among_few() {
    let Some((db, client)) = filled().await else { return };
    for statement in of_each_kind(SPREAD).split(';') {
        db.run(statement).await;
    }
    let claim = async |text, selectors| plan(&db, &client, text, CLAIM, &format!("1, 1, 10, {selectors}, NULL")).await;
    let all = claim(CLAIM_ALL, "'{\"\"}', '{t}', '{10}'").await;
    goes_by(&all, &["jobs_ready_by_age"], 11);
    let prefix = claim(CLAIM_SELECTORS, "'{tenant}', '{t}', '{10}'").await;
    goes_by(&prefix, &["jobs_ready_by_age"], 11);
    // Not among the first of all: the first 200 are read, and then the open queues of the prefix, which are 11 or 111.
    let rare = claim(CLAIM_SELECTORS, "'{tenant12}', '{t}', '{10}'").await;
    goes_by(&rare, &["jobs_ready", "jobs_ready_by_age"], 200);
    let list = claim(CLAIM_SELECTORS, "'{none,tenant5,other,tenant}', '{t,f,t,t}', '{10,3,10,7}'").await;
    // A prefix without an open queue costs one seek.
    goes_by(&list, &["jobs_ready", "jobs_ready_by_age"], 11);
    // The open queues are counted no further than to a quarter of the names.
    let names = |n: u32| (0..n).map(|n| format!("none{n}")).collect::<Vec<_>>().join(",");
    let (names, limits) = (names(400), ["10"; 400].join(","));
    let queues = format!("'{{{names}}}', '{{{}}}', '{{{limits}}}'", ["f"; 400].join(","));
    goes_by(&claim(CLAIM_SELECTORS, &queues).await, &["jobs_ready"], 400);
}

#[tokio::test]
async fn settle_and_claim_reads_no_more_rows_than_it_settles_and_claims() {
    let Some((db, client)) = filled().await else { return };
    let claim = plan(&db, &client, CLAIM_ALL, CLAIM, "1, 1, 100, '{\"\"}', '{t}', '{100}', NULL").await;
    assert!(!claim.is_empty());
    let held = "SELECT array_agg(id)::text, array_agg(claims)::text FROM {schema}.jobs WHERE process = 1";
    let held = client.query_one(&db.sql(held), &[]).await.unwrap();
    let values = format!(
        "1, 1, 100, '{{\"\"}}', '{{t}}', '{{100}}', NULL, '{}', '{}', true",
        held.get::<_, &str>(0),
        held.get::<_, &str>(1)
    );
    let work = plan(&db, &client, WORK_ALL, WORK, &values).await;
    goes_by(&work, &["jobs_ready_by_age", "jobs_id"], 101);
}

const SETTLE: &str = concat!(statement!("settle"), statement!("settle_answer"));

#[tokio::test]
async fn settlements_of_all_kinds_use_the_index_of_ids() {
    let Some((db, client)) = filled().await else { return };
    let claim = plan(&db, &client, CLAIM_ALL, CLAIM, "1, 1, 8, '{\"\"}', '{t}', '{8}', NULL").await;
    assert!(!claim.is_empty());
    let held = "SELECT array_agg(id)::text, array_agg(process)::text, array_agg(claims)::text
                FROM {schema}.jobs WHERE process = 1";
    let held = client.query_one(&db.sql(held), &[]).await.unwrap();
    let lists: Vec<String> = (0..3).map(|db| format!("'{}'", held.get::<_, &str>(db))).collect();
    let types = "int8, uuid[], int8[], int8[], int2[], int8[], text[], int4[], text[], text[], text[]";
    let empty = ["'{}'"; 6].join(", ");
    let values = format!("NULL, {}, '{{0,1,2,3,4,5,6,7}}', {empty}", lists.join(", "));
    let values = values.replace("'{0,1,2,3,4,5,6,7}', '{}'", "'{0,1,2,3,4,5,6,7}', '{0,0,0,5,5}'");
    goes_by(&plan(&db, &client, SETTLE, types, &values).await, &["jobs_id"], 64);
}

/// Each tenth ready job has a key, and the same number of keys belongs to removed jobs.
const KEYS: &str = "
    UPDATE {schema}.jobs SET unique_key = id || ':done' WHERE state = 2 AND seq % 10 = 0;
    INSERT INTO {schema}.unique_keys (key, job, until) SELECT id, id, 'done' FROM {schema}.jobs WHERE unique_key IS NOT NULL;
    INSERT INTO {schema}.unique_keys (key, job, until, expires_at)
    SELECT gen_random_uuid(), gen_random_uuid(), 'done', n FROM generate_series(1, {each}) AS n;
    ANALYZE {schema}.jobs; ANALYZE {schema}.unique_keys";

#[tokio::test]
async fn keys_are_found_by_key_and_released_by_job() {
    let Some((db, client)) = filled().await else { return };
    db.run(&of_each_kind(KEYS)).await;
    let some = "SELECT array_agg(key)::text, array_agg(gen_random_uuid())::text
                FROM (SELECT key FROM {schema}.unique_keys ORDER BY key LIMIT 50) AS few";
    let some = client.query_one(&db.sql(some), &[]).await.unwrap();
    let values = format!("NULL, '{}', '{}', '{{}}', '{{}}', true", some.get::<_, &str>(0), some.get::<_, &str>(1));
    let types = "int8, text[], uuid[], text[], int8[], bool";
    let take = plan(&db, &client, statement!("unique_take"), types, &values).await;
    goes_by(&take, &["unique_keys_pkey", "jobs_id", "done_id"], 50);

    let key = "SELECT key FROM {schema}.unique_keys JOIN {schema}.jobs ON id = job WHERE state = 2 LIMIT 1";
    let key = client.query_one(&db.sql(key), &[]).await.unwrap();
    let values = format!("NULL, '{}'", key.get::<_, &str>(0));
    let holder = plan(&db, &client, statement!("unique_holder"), "int8, text", &values).await;
    goes_by(&holder, &["unique_keys_pkey", "jobs_id"], 1);

    let claim = plan(&db, &client, CLAIM_ALL, CLAIM, "1, 1, 100, '{\"\"}', '{t}', '{100}', NULL").await;
    assert!(!claim.is_empty());
    let held = "SELECT array_agg(id)::text, array_agg(claims)::text FROM {schema}.jobs WHERE process = 1";
    let held = client.query_one(&db.sql(held), &[]).await.unwrap();
    let values = format!(
        "1, 1, 100, '{{\"\"}}', '{{t}}', '{{100}}', NULL, '{}', '{}', true",
        held.get::<_, &str>(0),
        held.get::<_, &str>(1)
    );
    let work = plan(&db, &client, WORK_ALL, WORK, &values).await;
    goes_by(&work, &["unique_keys_job", "jobs_id"], 101);

    let prune = plan(&db, &client, statement!("prune"), PRUNE, "100, 10000, 100, '{}', NULL").await;
    goes_by(&prune, &["unique_keys_expiring"], 100);
}

#[tokio::test]
async fn due_jobs_are_found_by_their_time() {
    let Some((db, client)) = filled().await else { return };
    let dispatch = plan(&db, &client, statement!("dispatch"), DISPATCH, "100000, 100, '{}', NULL").await;
    goes_by(&dispatch, &["jobs_scheduled"], 101);
    let early = plan(&db, &client, statement!("dispatch"), DISPATCH, "0, 100, '{}', NULL").await;
    goes_by(&early, &["jobs_scheduled"], 1);
    let first = plan(&db, &client, statement!("dispatch_first"), "int8, uuid[]", "100000, '{}'").await;
    goes_by(&first, &["jobs_scheduled"], 1);
}

#[tokio::test]
async fn an_enqueue_reads_only_its_ids() {
    let Some((db, client)) = filled().await else { return };
    let ids: Vec<String> = (0..100).map(|number| common::id(number).to_string()).collect();
    let again = format!("'{{{}}}'", ids.join(","));
    goes_by(&plan(&db, &client, statement!("enqueue_undo_done"), "uuid[]", &again).await, &["done_id"], 100);
    let done = format!("'{}'", common::id(0));
    goes_by(&plan(&db, &client, statement!("enqueue_may_be_done"), "uuid", &done).await, &["done_id"], 1);
}

#[tokio::test]
async fn old_jobs_are_found_by_their_age() {
    let Some((db, client)) = filled().await else { return };
    let prune = plan(&db, &client, statement!("prune"), PRUNE, "30000, 10000, 100, '{}', NULL").await;
    goes_by(&prune, &["done_at"], 100);
    let first = plan(&db, &client, statement!("prune_first"), "int8, int8, uuid[]", "30000, 10000, '{}'").await;
    goes_by(&first, &["done_at"], 1);
}

const PRUNE: &str = "int8, int8, int8, uuid[], uuid";
const DISPATCH: &str = "int8, int8, uuid[], uuid";

#[tokio::test]
async fn a_find_uses_the_index_of_ids() {
    let Some((db, client)) = filled().await else { return };
    client.batch_execute(SNAPSHOT).await.unwrap();
    let id = "'00000000-0000-0000-0000-000000000000'";
    let find = plan(&db, &client, statement!("find"), "uuid", id).await;
    goes_by(&find, &["jobs_id", "done_id"], 1);
}

#[tokio::test]
async fn requests_to_cancel_are_found_by_the_index_of_ids() {
    let Some((db, client)) = filled().await else { return };
    db.run("UPDATE {schema}.jobs SET process = 1, claims = 1 WHERE seq <= 100").await;
    db.run("INSERT INTO {schema}.processes VALUES (1, 'worker', 'host', 1, 'running', 1, 1)").await;
    db.run("INSERT INTO {schema}.cancellations SELECT id, 1 FROM {schema}.jobs WHERE seq BETWEEN 91 AND 110").await;
    client.batch_execute("RESET ALL").await.unwrap();
    let cancelled = plan(&db, &client, statement!("cancelled"), "int8", "1").await;
    goes_by(&cancelled, &["jobs_id"], 20);
    let id = "'00000000-0000-0000-0000-000000000000'";
    let cancel = plan(&db, &client, statement!("cancel"), "uuid", id).await;
    goes_by(&cancel, &["jobs_id"], 20);
    let left = client.query_one(&db.sql("SELECT count(*) FROM {schema}.cancellations"), &[]).await.unwrap();
    assert_eq!(left.get::<_, i64>(0), 10, "requests about claims that have ended are removed");
}

const JOBS: &str = concat!(statement!("list_jobs"), statement!("list_matching"));
const DONE: &str = concat!(statement!("list_done"), statement!("list_matching"));
const OF_JOBS: &str = "uuid, uuid, int2, text, text, text, text, int8, int8, int8, int8, int8, bool, int8";
const OF_DONE: &str = "uuid, uuid, int2, text, text, text, text, int8, int8, int8, int8, int8, bool, int8, int8";

/// The values of a list: its first and last id, the state, and a queue.
fn values(between: &str, state: &str, queue: &str, of: &str) -> String {
    let rest = of.matches(',').count() - 11;
    format!("{between}, {state}, {queue}, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 50{}", ", NULL".repeat(rest))
}

#[tokio::test]
async fn a_page_of_one_state_reads_no_more_than_it_returns() {
    let Some((db, client)) = filled().await else { return };
    client.batch_execute(SNAPSHOT).await.unwrap();
    for (text, of, state, index) in [
        (JOBS, OF_JOBS, "NULL", "jobs_id"),
        (JOBS, OF_JOBS, "4::int2", "jobs_resting"),
        (DONE, OF_DONE, "NULL", "done_id"),
        (DONE, OF_DONE, "6::int2", "done_discarded"),
    ] {
        let after = "'10000000-0000-0000-0000-000000000000', NULL";
        goes_by(&plan(&db, &client, text, of, &values(after, state, "NULL", of)).await, &[index], 50);
        let backwards = text.replace("/*DESC*/", "DESC");
        let before = "NULL, 'f0000000-0000-0000-0000-000000000000'";
        goes_by(&plan(&db, &client, &backwards, of, &values(before, state, "NULL", of)).await, &[index], 50);
    }
}

#[tokio::test]
async fn a_filtered_page_reads_no_more_than_its_window() {
    let Some((db, client)) = filled().await else { return };
    client.batch_execute(SNAPSHOT).await.unwrap();
    for (table, window, text, of, state) in [
        ("jobs", statement!("window_jobs"), JOBS, OF_JOBS, "NULL"),
        ("jobs", statement!("window_jobs"), JOBS, OF_JOBS, "4::int2"),
        ("done", statement!("window_done"), DONE, OF_DONE, "NULL"),
        ("done", statement!("window_done"), DONE, OF_DONE, "6::int2"),
    ] {
        let index = match (table, state) {
            ("jobs", "NULL") => "jobs_id",
            ("jobs", _) => "jobs_resting",
            (_, "NULL") => "done_id",
            _ => "done_discarded",
        };
        let end = format!("NULL, NULL, {state}, 199");
        goes_by(&plan(&db, &client, window, "uuid, uuid, int2, int8", &end).await, &[index], 200);
        let some = "SELECT id::text FROM {schema}.table WHERE (state = 4 OR state = 6) ORDER BY id LIMIT 1 OFFSET 100";
        let some = client.query_one(&db.sql(some).replace("table", table), &[]).await.unwrap();
        let between = format!("NULL, '{}'", some.get::<_, &str>(0));
        let found = plan(&db, &client, text, of, &values(&between, state, "'none'", of)).await;
        assert!(found.contains(index) && most_rows(&found) <= 400, "more than the window is read:\n{found}");
    }
    for few in [statement!("few_ready"), statement!("few_scheduled")] {
        let few = plan(&db, &client, few, "int8", "100").await;
        assert!(most_rows(&few) <= 400, "it is counted no further than asked:\n{few}");
    }
}

/// Many errors of a few jobs, as earlier versions kept them.
const ERRORS: &str = "INSERT INTO {schema}.errors (job, error)
    SELECT id, '{}' FROM (SELECT id FROM {schema}.jobs ORDER BY seq LIMIT 20) AS few, generate_series(1, 1000);
    ANALYZE {schema}.errors";

#[tokio::test]
async fn the_errors_of_a_page_are_read_by_their_index() {
    let Some((db, client)) = filled().await else { return };
    db.run(ERRORS).await;
    client.batch_execute(SNAPSHOT).await.unwrap();
    let some = "SELECT array_agg(id)::text FROM (SELECT id FROM {schema}.jobs ORDER BY seq LIMIT 20) AS few";
    let some = client.query_one(&db.sql(some), &[]).await.unwrap();
    for (first, last, rows) in [(0, 1, 20), (5, 45, 1000)] {
        let values = format!("'{}', {first}, {last}, 1000, true", some.get::<_, &str>(0));
        let errors = plan(&db, &client, statement!("errors_of"), "uuid[], int8, int8, int4, bool", &values).await;
        goes_by(&errors, &["errors_pkey"], rows);
    }
}

/// How many rows the queries of a store have read of a table by an index or through, once its connections are closed.
async fn rows_read(db: &TestDb, name: &str, table: &str) -> i64 {
    let client = db.stranger().await;
    let sessions = "SELECT FROM pg_stat_activity WHERE application_name = $1";
    while !client.query(sessions, &[&name]).await.unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    let read = "SELECT coalesce(idx_tup_fetch, 0) + coalesce(seq_tup_read, 0) FROM pg_stat_user_tables
                WHERE schemaname = $1 AND relname = $2";
    client.query_one(read, &[&db.schema, &table]).await.unwrap().get(0)
}

/// A plan that serves all filters reads an index from its start to its end for each page.
#[tokio::test]
async fn the_store_reads_a_filtered_page_by_the_range_of_its_window() {
    let Some((db, client)) = filled().await else { return };
    let middle = "SELECT id::text FROM {schema}.done ORDER BY id LIMIT 1 OFFSET 9000";
    let middle: String = client.query_one(&db.sql(middle), &[]).await.unwrap().get(0);
    let name = format!("plans {}", db.schema);
    let store =
        db.by_url(&format!("{}?application_name={}", db.url, name.replace(' ', "%20"))).connect().await.unwrap();
    for order in [Order::OldestFirst, Order::NewestFirst] {
        let none = Filter { name: Some("none".to_owned()), order, window: 200, ..Filter::state(State::Finished) };
        let page = store.inspect().unwrap().page(&none.going_on(middle.parse::<JobId>().unwrap())).await.unwrap();
        assert!(page.jobs.is_empty() && page.next.is_some(), "it goes on behind the window");
    }
    drop(store);
    let read = rows_read(&db, &name, "done").await;
    assert!(read <= 1000, "{read} rows are read for two windows of 200");
}
