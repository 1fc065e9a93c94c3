//! Moves due jobs to their queues while no scheduler of Ruby does.

use jobs_core::{Error, ErrorRecord};

use super::{ResqueRedis, bytes, scripts};
use crate::{DelayedJob, FailureRecord};

/// Seconds until the lock of a master expires that does not renew it, as in resque-scheduler.
const LOCK_EXPIRES: u32 = 180;

/// How many jobs are moved in one script, so that it does not keep Redis from others for long.
const AT_A_TIME: usize = 100;

impl ResqueRedis {
    /// Moves up to `limit` due jobs to their queues if `name` is the master of resque-scheduler, or becomes it because there is
    /// none; `name` is `host:pid` in Ruby. Answers with how many were moved, or `None` while another process is the master.
    ///
    /// A text that cannot be read as a delayed job goes to the list of failures. A job is moved in the script that removes it
    /// from the schedule, so none is lost or moved twice.
    ///
    /// Cancel safe: what was moved stays moved, and the rest waits.
    ///
    /// # Errors
    /// As those of [`push`](Self::push).
    pub async fn dispatch(&self, name: &str, limit: usize) -> Result<Option<u64>, Error> {
        let mut moved = 0;
        loop {
            let left = u64::try_from(limit).unwrap_or(u64::MAX).saturating_sub(moved);
            let most = usize::try_from(left).unwrap_or(usize::MAX).min(AT_A_TIME);
            if most == 0 {
                return Ok(Some(moved));
            }
            let (is_master, second, texts) = self.due(name, most).await?;
            if !is_master {
                return Ok((moved > 0).then_some(moved));
            }
            if second.is_empty() {
                return Ok(Some(moved));
            }
            moved = moved.saturating_add(self.move_texts(name, &second, texts).await?);
        }
    }

    async fn due(&self, name: &str, most: usize) -> Result<(bool, String, Vec<Vec<u8>>), Error> {
        let lock = [self.keys.prefix(), self.keys.master_lock(), name.to_owned(), LOCK_EXPIRES.to_string()];
        let arguments = lock.into_iter().chain([self.second(), most.to_string()]).collect();
        self.link.run(&scripts::DUE, &bytes(arguments), "read due jobs").await
    }

    async fn move_texts(&self, name: &str, second: &str, texts: Vec<Vec<u8>>) -> Result<u64, Error> {
        let lock = [self.keys.prefix(), self.keys.master_lock(), name.to_owned(), second.to_owned()];
        let mut arguments = bytes(lock.into());
        for text in texts {
            let target = self.target(&text, name);
            arguments.push(text);
            arguments.extend(bytes(target.into()));
        }
        self.link.run(&scripts::DISPATCH, &arguments, "move due jobs").await
    }

    /// The list that a text goes to, its queue (empty for the list of failures), and the text for that list.
    fn target(&self, text: &[u8], name: &str) -> [String; 3] {
        let read = std::str::from_utf8(text).map_err(|_not_utf8| Error::corrupt("its text is not UTF-8"));
        match read.and_then(DelayedJob::parse) {
            Ok(job) => [format!("queue:{}", job.queue), job.queue.clone(), job.payload.text()],
            Err(why) => {
                let error = ErrorRecord::new("jobs::Corrupt", why.to_string());
                let record = FailureRecord::of_unreadable(text, &error, name, "", self.clock.now());
                ["failed".to_owned(), String::new(), record.text()]
            }
        }
    }
}
