//! What is done by hand from the view.

use jobs::{Error, JobId};

use crate::place::Scene;

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    Pause(String),
    Resume(String),
    Retry(JobId),
    Discard(JobId),
}

impl Deed {
    /// What a person is asked before it is done.
    pub(crate) fn question(&self) -> String {
        match self {
            Self::Pause(queue) => format!("pause the queue `{queue}`?"),
            Self::Resume(queue) => format!("let the queue `{queue}` be worked on again?"),
            Self::Retry(job) => format!("retry the job {job}?"),
            Self::Discard(job) => format!("discard the job {job}?"),
        }
    }
}

/// Does it, and says what came of it.
pub(crate) async fn act(scene: &Scene, deed: Deed) -> Result<String, Error> {
    let manage = scene.manage()?;
    let moved = |count: u64, done: &str| match count {
        0 => "the job was in another state by then".to_owned(),
        _ => format!("the job is {done}"),
    };
    Ok(match deed {
        Deed::Pause(queue) => {
            manage.pause(&queue).await?;
            format!("`{queue}` is paused: what runs goes on, nothing more is claimed")
        }
        Deed::Resume(queue) => {
            manage.resume(&queue).await?;
            format!("`{queue}` is worked on again")
        }
        Deed::Retry(job) => moved(manage.retry(&[job]).await?, "ready again"),
        Deed::Discard(job) => moved(manage.discard(&[job]).await?, "discarded"),
    })
}
