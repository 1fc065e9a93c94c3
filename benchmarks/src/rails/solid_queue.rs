//! The tables of Solid Queue.

use bench_protocol::{Outcome, now_micros};
use tokio_postgres::{Client, Statement};

use super::limit::{Tables, arguments};

pub(super) const SCHEMA: &str = include_str!("../../../jobs-solid-queue/src/migrations/tables.postgres.sql");

const INSERT: &str = "
INSERT INTO solid_queue_jobs
  (queue_name, class_name, arguments, priority, active_job_id, scheduled_at, created_at, updated_at)
SELECT 'default', 'process_payment', arguments, 0, substr(arguments, 42, 36), now() AT TIME ZONE 'utc',
  now() AT TIME ZONE 'utc', now() AT TIME ZONE 'utc'
FROM unnest($1::text[]) AS new (arguments)
RETURNING id";

const READY: &str = "
INSERT INTO solid_queue_ready_executions (job_id, queue_name, priority, created_at)
SELECT id, 'default', 0, now() AT TIME ZONE 'utc' FROM unnest($1::bigint[]) AS new (id)";

const FINISH: &str = "
WITH ended AS (DELETE FROM solid_queue_claimed_executions WHERE id = ANY ($1::bigint[]) RETURNING job_id)
UPDATE solid_queue_jobs SET finished_at = now() AT TIME ZONE 'utc', updated_at = now() AT TIME ZONE 'utc'
FROM ended WHERE solid_queue_jobs.id = ended.job_id";

const FIND: &str = "
SELECT id, job_id FROM solid_queue_ready_executions ORDER BY priority, job_id LIMIT $1 FOR UPDATE SKIP LOCKED";

const CLAIM: &str = "
INSERT INTO solid_queue_claimed_executions (job_id, process_id, created_at)
SELECT job_id, 1, now() AT TIME ZONE 'utc' FROM unnest($1::bigint[]) AS found (job_id)
RETURNING id";

const TAKE: &str = "DELETE FROM solid_queue_ready_executions WHERE id = ANY ($1::bigint[])";

const READ: &str = "
SELECT id, queue_name, class_name, arguments, priority, active_job_id FROM solid_queue_jobs WHERE id = ANY ($1::bigint[])";

pub(super) struct SolidQueue {
    insert: Statement,
    ready: Statement,
    finish: Statement,
    find: Statement,
    claim: Statement,
    take: Statement,
    read: Statement,
}

impl Tables for SolidQueue {
    async fn open(client: &Client) -> Outcome<Self> {
        Ok(Self {
            insert: client.prepare(INSERT).await?,
            ready: client.prepare(READY).await?,
            finish: client.prepare(FINISH).await?,
            find: client.prepare(FIND).await?,
            claim: client.prepare(CLAIM).await?,
            take: client.prepare(TAKE).await?,
            read: client.prepare(READ).await?,
        })
    }

    fn text(number: u64) -> String {
        format!(
            r#"{{"job_class":"process_payment","job_id":"01900000-0000-7000-8000-{number:012x}","provider_job_id":null,"queue_name":"default","priority":null,"arguments":{},"executions":0,"exception_executions":{{}},"locale":"en","timezone":null,"enqueued_at":{},"scheduled_at":null}}"#,
            arguments(number),
            now_micros()
        )
    }

    async fn insert(&self, client: &mut Client, texts: &[String]) -> Outcome<()> {
        let transaction = client.transaction().await?;
        let rows = transaction.query(&self.insert, &[&texts]).await?;
        let ids = rows.iter().map(|row| row.try_get(0)).collect::<Result<Vec<i64>, _>>()?;
        transaction.execute(&self.ready, &[&ids]).await?;
        Ok(transaction.commit().await?)
    }

    async fn work(&self, client: &mut Client, held: &[i64], limit: i64) -> Outcome<Vec<i64>> {
        let transaction = client.transaction().await?;
        transaction.execute(&self.finish, &[&held]).await?;
        let (mut ready, mut jobs) = (Vec::<i64>::new(), Vec::<i64>::new());
        for row in transaction.query(&self.find, &[&limit]).await? {
            ready.push(row.try_get(0)?);
            jobs.push(row.try_get(1)?);
        }
        let claimed = transaction.query(&self.claim, &[&jobs]).await?;
        transaction.execute(&self.take, &[&ready]).await?;
        for row in transaction.query(&self.read, &[&jobs]).await? {
            // A worker needs the text.
            std::hint::black_box(row.try_get::<_, String>(3)?);
        }
        transaction.commit().await?;
        Ok(claimed.iter().map(|row| row.try_get(0)).collect::<Result<Vec<i64>, _>>()?)
    }
}
