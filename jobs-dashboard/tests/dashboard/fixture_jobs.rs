//! Puts jobs into the store of a fixture.

use std::time::Duration;

use jobs_core::{Claim, Decision, Due, ErrorRecord, JobId, NewJob, State};
use jobs_testing::plain::{ME, id};

use crate::fixture::Fixture;

/// A text that would run as a script if it were not escaped.
pub(crate) const SCRIPT: &str = "<script>alert('x')</script>\"&";

impl Fixture {
    /// A job named `send_mail` in `mail`, with the given change.
    pub(crate) async fn enqueue(&self, number: u64, change: impl FnOnce(&mut NewJob)) -> JobId {
        let mut job = NewJob::new(id(number), "send_mail", format!(r#"{{"to":"ada-{number}@example.com"}}"#));
        job.queue = "mail".into();
        change(&mut job);
        let _stored = self.store.enqueue(&[job]).await.unwrap();
        id(number)
    }

    pub(crate) async fn schedule(&self, number: u64) -> JobId {
        self.enqueue(number, |job| job.due = Due::In(Duration::from_secs(3600))).await
    }

    /// A job that failed with this error.
    pub(crate) async fn fail(&self, number: u64, class: &str, message: &str) -> JobId {
        let id = self.enqueue(number, |_| {}).await;
        let mut error = ErrorRecord::new(class, message);
        (error.attempt, error.duration_ms, error.process) = (1, 1500, Some(ME));
        error.causes = vec!["no route to host".to_owned()];
        self.settle(Decision::Fail { meta: None, error }).await;
        id
    }

    pub(crate) async fn finish(&self, number: u64) -> JobId {
        let id = self.enqueue(number, |_| {}).await;
        self.settle(Decision::Finish { keep: true }).await;
        id
    }

    async fn settle(&self, decision: Decision) {
        let claimed = self.store.claim(&Claim::all(ME, 1)).await.unwrap();
        let settlements: Vec<_> = claimed.into_iter().map(|it| it.settle(decision.clone())).collect();
        assert_eq!(settlements.len(), 1, "nothing else is ready");
        let _settled = self.store.settle(&settlements).await.unwrap();
    }

    pub(crate) async fn state(&self, id: JobId) -> State {
        self.store.inspect().unwrap().find(id).await.unwrap().unwrap().state
    }
}

impl Fixture {
    /// Lets the only ready job fail with this text as class, message and cause.
    pub(crate) async fn fail_as(&self, id: JobId, text: &str) -> JobId {
        let mut error = ErrorRecord::new(text, text);
        error.causes = vec![text.to_owned()];
        self.settle(Decision::Fail { meta: None, error }).await;
        id
    }
}
