//! New jobs go into their queues, those of concurrent callers together.

use std::sync::Arc;

use jobs_core::{Error, LogText};
use jobs_redis::{Changes, Link};
use jobs_store_util::{GroupCommit, SharedCall};

use crate::keys;

const DOING: &str = "enqueue jobs";

/// Which of the commands of a call stores the jobs.
const PUSH: usize = 1;

/// The most jobs in a call that callers share, and the most bytes of a text that shares one: 4 MB together.
const MAX_JOBS: usize = 500;
const MAX_BYTES: usize = 8 << 10;

/// Stores new jobs, those of concurrent callers together.
pub(crate) struct Pushes(Arc<GroupCommit<QueuePush>>);

/// One call to a queue. It is shared only by jobs of one queue, because all that Redis can refuse is then the same for each of them.
struct QueuePush {
    link: Arc<Link>,
    changes: Arc<Changes>,
    namespace: String,
}

impl Pushes {
    pub(crate) fn new(link: Arc<Link>, changes: Arc<Changes>, namespace: String) -> Self {
        Self(GroupCommit::new(QueuePush { link, changes, namespace }))
    }

    /// Stores all the texts in a queue, or none.
    ///
    /// Cancel safe: the jobs may or may not be stored, and those of other callers are not affected.
    ///
    /// # Errors
    /// Redis cannot be reached, or refuses the call.
    pub(crate) async fn push(&self, queue: String, mut texts: Vec<Vec<u8>>) -> Result<(), Error> {
        match texts.pop() {
            Some(text) if texts.is_empty() && text.len() <= MAX_BYTES => self.0.request(queue, text).await,
            Some(last) => {
                texts.push(last);
                self.0.shared_call().push(&queue, &texts).await
            }
            None => Ok(()),
        }
    }
}

impl SharedCall for QueuePush {
    type Key = String;
    type Request = Vec<u8>;
    type Answer = ();

    const DOING: &'static str = DOING;

    fn has_room(&self, group: &[Vec<u8>]) -> bool {
        group.len() < MAX_JOBS
    }

    fn is_about_one(&self, _error: &Error) -> bool {
        false
    }

    async fn call(&self, queue: &String, texts: &[Vec<u8>]) -> Result<Vec<()>, Error> {
        self.push(queue, texts).await.map(|()| vec![(); texts.len()])
    }
}

impl QueuePush {
    /// As a Ruby client does: the queue into the set of queues, and all texts with one command, which does it or does nothing.
    async fn push(&self, queue: &str, texts: &[Vec<u8>]) -> Result<(), Error> {
        let (queues, key) = (format!("{}queues", self.namespace), format!("{}{}", self.namespace, keys::queue(queue)));
        let mut commands = redis::pipe();
        commands.cmd("SADD").arg(&queues).arg(queue).ignore().cmd("LPUSH").arg(&key);
        for text in texts {
            commands.arg(text.as_slice());
        }
        // A user of Redis may lack the right to publish; workers find the jobs by looking.
        commands.ignore().cmd("PUBLISH").arg(self.changes.channel()).arg("").ignore();
        match self.link.commands_for(&commands, PUSH, DOING).await {
            Ok(refused) => {
                if refused.contains(&0) {
                    tracing::warn!(
                        queue = %LogText::field(queue),
                        "the queue could not be added to the set `queues`, so no page shows it"
                    );
                }
                self.changes.notify();
                Ok(())
            }
            Err(error) => {
                self.forget_queue_without_list(&queues, queue, &error).await;
                Err(error)
            }
        }
    }

    /// A queue that cannot have jobs, because its key has a value of another type, breaks Sidekiq's page of queues.
    async fn forget_queue_without_list(&self, queues: &str, queue: &str, error: &Error) {
        if error.to_string().contains("WRONGTYPE") {
            let mut commands = redis::pipe();
            commands.cmd("SREM").arg(queues).arg(queue).ignore();
            let _unreachable = self.link.commands::<()>(&commands, DOING).await;
        }
    }
}
