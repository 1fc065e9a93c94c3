//! Settlements as the columns of a statement.

use jobs_core::{Decision, Error, ErrorRecord, Settlement, Timestamp, corrupt_record};

use crate::codec::bind::{Id, micros};
use crate::codec::columns::Column;
use crate::codec::encoding::Encoding;
use crate::codec::error_record::error_json;
use crate::codec::nul_escape::escape_nul;
use crate::codec::parameter::Parameter;
use crate::codec::record::Unreadable;
use crate::error::Result;

/// The columns of `settle`.
pub(crate) struct SettlementColumns {
    encoding: Encoding,
    pub(crate) ids: Vec<Id>,
    pub(crate) processes: Vec<i64>,
    pub(crate) claims: Vec<i64>,
    pub(crate) kinds: Vec<i16>,
    pub(crate) waits: Column<i64>,
    pub(crate) queues: Column<String>,
    pub(crate) priorities: Column<i32>,
    pub(crate) metas: Column<String>,
    pub(crate) errors: Column<String>,
    pub(crate) logs: Column<String>,
    /// Whether one of the logs is that of an attempt that finished its job.
    pub(crate) has_finish_logs: bool,
}

impl SettlementColumns {
    pub(crate) fn new(encoding: Encoding) -> Self {
        Self {
            encoding,
            ids: Vec::new(),
            processes: Vec::new(),
            claims: Vec::new(),
            kinds: Vec::new(),
            waits: Column::default(),
            queues: Column::default(),
            priorities: Column::default(),
            metas: Column::default(),
            errors: Column::default(),
            logs: Column::default(),
            has_finish_logs: false,
        }
    }

    /// The parameters of the statement, in their order.
    pub(crate) fn parameters<'a>(&'a self, now: &'a dyn Parameter) -> [&'a dyn Parameter; 11] {
        [
            now,
            &self.ids,
            &self.processes,
            &self.claims,
            &self.kinds,
            &self.waits.0,
            &self.queues.0,
            &self.priorities.0,
            &self.metas.0,
            &self.errors.0,
            &self.logs.0,
        ]
    }

    pub(crate) fn push(&mut self, settlement: &Settlement) -> Result<()> {
        let row = self.ids.len();
        match &settlement.decision {
            Decision::Finish { keep } => self.kinds.push(i16::from(!*keep)),
            Decision::Discard { error } => {
                self.kinds.push(2);
                self.errors.set(row, error.as_ref().map(|error| error_json(error, self.encoding)));
            }
            Decision::Retry { wait, queue, priority, meta, error } => {
                self.kinds.push(3);
                self.waits.set(row, Some(micros(*wait)));
                self.queues.set_text(row, queue.as_deref());
                self.priorities.set(row, *priority);
                self.push_error(row, meta.as_deref(), error);
            }
            Decision::Continue { wait, meta } => {
                self.kinds.push(4);
                self.waits.set(row, Some(micros(*wait)));
                self.set_meta(row, meta.as_deref());
            }
            Decision::Fail { meta, error } => {
                self.kinds.push(5);
                self.push_error(row, meta.as_deref(), error);
            }
            Decision::Release => self.kinds.push(6),
            other => {
                let message = format!("this version of `jobs-postgres` does not know {other:?}; update it");
                return Err(Error::other(message).into());
            }
        }
        self.has_finish_logs |= settlement.finish_log().is_some();
        let log = settlement.error_log().or_else(|| settlement.finish_log());
        self.logs.set(row, log.map(|log| self.encoding.json(&log.to_json()).into_owned()));
        self.push_token(settlement);
        Ok(())
    }

    /// Adds the failure of a job that cannot be read.
    pub(crate) fn push_unreadable(&mut self, unreadable: &Unreadable) {
        let error = corrupt_record(&unreadable.why, Timestamp::default());
        self.errors.set(self.ids.len(), Some(error_json(&error, self.encoding)));
        self.kinds.push(7);
        self.push_token(&Settlement::new(unreadable.token, Decision::Release));
    }

    fn push_error(&mut self, row: usize, meta: Option<&str>, error: &ErrorRecord) {
        self.set_meta(row, meta);
        self.errors.set(row, Some(error_json(error, self.encoding)));
    }

    fn set_meta(&mut self, row: usize, meta: Option<&str>) {
        self.metas.set(row, meta.map(|meta| self.encoding.json(&escape_nul(meta)).into_owned()));
    }

    fn push_token(&mut self, settlement: &Settlement) {
        self.ids.push(Id(settlement.token.job));
        self.processes.push(settlement.token.process.get());
        self.claims.push(settlement.token.claim);
    }
}
