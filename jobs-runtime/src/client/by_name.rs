//! Enqueues a job of this program by its name, for tools in which a person writes the arguments.

use jobs_core::{Enqueued, Error, spelling};

use crate::Client;
use crate::enqueue::destination::{Destination, Target};

impl Client {
    /// Enqueues the job of this name with arguments as JSON text, through its enqueue callbacks. Without a queue and a priority it
    /// has those of its definition; the queue is without prefix. It writes no audit record: the tool does, which knows who asked.
    ///
    /// Cancel safe: the job is stored completely or not at all. A caller that drops the future does not learn which.
    ///
    /// # Errors
    /// This program has no such job, the arguments are not those of the job (the error [is invalid](Error::is_invalid) and
    /// names the argument), or as [`enqueue`](Self::enqueue).
    pub async fn enqueue_by_name(
        &self,
        name: &str,
        arguments: &str,
        queue: Option<&str>,
        priority: Option<i32>,
    ) -> Result<Enqueued, Error> {
        let registry = &self.shared.registry;
        let known = registry.get(name).ok_or_else(|| {
            let names: Vec<&str> = registry.iter().map(|known| known.definition.name()).collect();
            spelling::unknown("a job of this program", name, &names)
        })?;
        let version = known.definition.settings().version;
        known.definition.check_names(arguments, version)?;
        let mut draft = known.definition.draft(arguments, version, self.shared.default_priority)?;
        if let Some(queue) = queue {
            queue.clone_into(&mut draft.enqueue.queue);
        }
        draft.enqueue.priority = priority.unwrap_or(draft.enqueue.priority);
        let target = Target::Destination(Destination::Store);
        Ok(self.enqueue_draft(&mut draft, &known.policy, None, target).await?.enqueued())
    }
}
