//! The processes of a store by their ids, so that pages call them by their names.

use std::collections::BTreeMap;

use jobs_core::{Error, ProcessId, ProcessRecord};
use maud::{Markup, html};

use crate::app_state::AppState;
use crate::request::context::RequestContext;

/// The registered processes.
#[derive(Default)]
pub(super) struct ProcessNames(BTreeMap<ProcessId, ProcessRecord>);

impl ProcessNames {
    pub(super) async fn read(app: &AppState) -> Result<Self, Error> {
        let records = app.inspect()?.processes().await?;
        Ok(Self(records.into_iter().map(|record| (record.process.id, record)).collect()))
    }

    /// Whether the process is registered.
    pub(super) fn knows(&self, process: ProcessId) -> bool {
        self.0.contains_key(&process)
    }

    /// Whether the process is registered, and follows orders of the store.
    pub(super) fn takes_orders(&self, process: ProcessId) -> bool {
        self.0.get(&process).is_some_and(|record| record.takes_orders)
    }

    /// Its name with a link to the list of processes, or the id of a process that has ended.
    pub(super) fn show(&self, ctx: &RequestContext, process: ProcessId) -> Markup {
        let Some(record) = self.0.get(&process) else {
            return html! { code title="This process has ended" { (process) } };
        };
        html! {
            a href={ (ctx.url("/processes")) "#process-" (process) } title={ (record.process.host) ":" (record.process.pid) } {
                bdi { (record.process.name) }
            }
        }
    }
}
