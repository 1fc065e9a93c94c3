//! The parts of a long run, and what the server says at the end of each.

use super::{Look, Server};
use crate::{Outcome, Part, Stopwatch, Task};

/// The number of parts into which the results of a long run are divided.
pub const PARTS: u64 = 10;

/// Queries for the dead rows, for the size of all tables, and for that of each index.
const DEAD: &str = "SELECT sum(n_dead_tup)::bigint FROM pg_stat_user_tables";
const BYTES: &str = "SELECT sum(pg_total_relation_size(relid))::bigint FROM pg_stat_user_tables";
const INDEXES: &str = "SELECT indexrelname::text, pg_relation_size(indexrelid) FROM pg_stat_user_indexes ORDER BY 1";

/// Divides a run into parts.
pub struct Parts {
    /// The parts that have ended.
    pub told: Vec<Part>,
    look: Look,
    server: Option<Server>,
    watch: Stopwatch,
    before: Moment,
}

/// The counters at the end of a part.
#[derive(Default)]
struct Moment {
    jobs: u64,
    seconds: f64,
    cpu: f64,
}

impl Parts {
    /// The first part begins.
    ///
    /// # Errors
    /// The server cannot be reached.
    pub async fn begin(task: &Task, watch: Stopwatch) -> Outcome<Self> {
        let look = Look::open(&task.place).await?;
        let server = look.server().await?;
        let mut parts = Self { told: Vec::new(), look, server, watch, before: Moment::default() };
        parts.before = parts.moment(0);
        Ok(parts)
    }

    /// A part ends, when so many jobs were performed since the beginning of the run, and the next one begins.
    ///
    /// # Errors
    /// A query failed.
    pub async fn end_part(&mut self, performed: u64) -> Outcome<&mut Part> {
        let now = self.moment(performed);
        self.told.push(Part {
            jobs: now.jobs - self.before.jobs,
            seconds: now.seconds - self.before.seconds,
            server_cpu_seconds: now.cpu - self.before.cpu,
            dead_rows: self.look.number(DEAD).await?,
            bytes: self.look.number(BYTES).await?,
            ..Part::default()
        });
        self.before = now;
        self.told.last_mut().ok_or_else(|| "there is no part".into())
    }

    /// The sizes of all indexes.
    ///
    /// # Errors
    /// The query failed.
    pub async fn indexes(&self) -> Outcome<Vec<(String, u64)>> {
        self.look.numbers(INDEXES).await
    }

    fn moment(&self, jobs: u64) -> Moment {
        Moment { jobs, seconds: self.watch.seconds(), cpu: self.server.map_or(0.0, Server::cpu_seconds) }
    }
}
