//! The table of Delayed Job.

use bench_protocol::Outcome;
use tokio_postgres::{Client, Statement};

use super::limit::{Tables, arguments};

pub(super) const SCHEMA: &str = "
CREATE TABLE delayed_jobs (
  id         bigserial PRIMARY KEY,
  priority   integer NOT NULL DEFAULT 0,
  attempts   integer NOT NULL DEFAULT 0,
  handler    text NOT NULL,
  last_error text,
  run_at     timestamp(6),
  locked_at  timestamp(6),
  failed_at  timestamp(6),
  locked_by  character varying,
  queue      character varying,
  created_at timestamp(6),
  updated_at timestamp(6)
);
CREATE INDEX delayed_jobs_priority ON delayed_jobs (priority, run_at)";

const INSERT: &str = "
INSERT INTO delayed_jobs (priority, attempts, handler, run_at, queue, created_at, updated_at)
SELECT 0, 0, handler, now() AT TIME ZONE 'utc', 'default', now() AT TIME ZONE 'utc', now() AT TIME ZONE 'utc'
FROM unnest($1::text[]) AS new (handler)";

const FINISH: &str = "DELETE FROM delayed_jobs WHERE id = ANY ($1::bigint[]) AND locked_by = 'host:limit pid:1'";

const CLAIM: &str = "
UPDATE delayed_jobs SET locked_at = now() AT TIME ZONE 'utc', locked_by = 'host:limit pid:1'
WHERE id IN (
  SELECT id FROM delayed_jobs WHERE run_at <= now() AT TIME ZONE 'utc' AND locked_at IS NULL AND failed_at IS NULL
  ORDER BY priority, run_at LIMIT $1 FOR UPDATE SKIP LOCKED
)
RETURNING id, handler, queue, attempts";

pub(super) struct DelayedJob {
    insert: Statement,
    finish: Statement,
    claim: Statement,
}

impl Tables for DelayedJob {
    async fn open(client: &Client) -> Outcome<Self> {
        let (insert, finish) = (client.prepare(INSERT).await?, client.prepare(FINISH).await?);
        Ok(Self { insert, finish, claim: client.prepare(CLAIM).await? })
    }

    fn text(number: u64) -> String {
        format!(
            "--- !ruby/object:ActiveJob::QueueAdapters::DelayedJobAdapter::JobWrapper\njob_data:\n  job_class: process_payment\n  \
             job_id: 01900000-0000-7000-8000-{number:012x}\n  provider_job_id:\n  queue_name: default\n  priority:\n  \
             arguments: {}\n  executions: 0\n  exception_executions: {{}}\n  locale: en\n  timezone:\n",
            arguments(number)
        )
    }

    async fn insert(&self, client: &mut Client, texts: &[String]) -> Outcome<()> {
        client.execute(&self.insert, &[&texts]).await?;
        Ok(())
    }

    async fn work(&self, client: &mut Client, held: &[i64], limit: i64) -> Outcome<Vec<i64>> {
        let transaction = client.transaction().await?;
        transaction.execute(&self.finish, &[&held]).await?;
        let mut claims = Vec::new();
        for row in transaction.query(&self.claim, &[&limit]).await? {
            // A worker needs the text.
            std::hint::black_box(row.try_get::<_, String>(1)?);
            claims.push(row.try_get(0)?);
        }
        transaction.commit().await?;
        Ok(claims)
    }
}
