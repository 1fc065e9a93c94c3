//! Queues, and their pauses.

use jobs::json::Queue;
use serde::Serialize;

use crate::arguments;
use crate::ending::{Ending, Result};
use crate::output::Output;
use crate::place::Scene;

pub(crate) async fn queues(scene: &Scene, output: Output) -> Result<Ending> {
    let records = scene.inspect()?.queues().await?;
    output.many(&records.iter().map(Queue::from).collect::<Vec<_>>())?;
    Ok(Ending::Done)
}

/// What became of a queue.
#[derive(Serialize)]
struct Turned<'a> {
    queue: &'a str,
    paused: bool,
    /// Whether it was otherwise before.
    changed: bool,
}

pub(crate) async fn pause(scene: &Scene, queue: &arguments::Queue, output: Output) -> Result<Ending> {
    let changed = scene.manage()?.pause(&queue.queue).await?;
    told(output, &Turned { queue: &queue.queue, paused: true, changed })
}

pub(crate) async fn resume(scene: &Scene, queue: &arguments::Queue, output: Output) -> Result<Ending> {
    let changed = scene.manage()?.resume(&queue.queue).await?;
    told(output, &Turned { queue: &queue.queue, paused: false, changed })
}

fn told(output: Output, turned: &Turned<'_>) -> Result<Ending> {
    let words = match (turned.paused, turned.changed) {
        (true, true) => "is paused: what runs goes on, nothing more is claimed",
        (true, false) => "was paused already",
        (false, true) => "is worked on again",
        (false, false) => "was not paused",
    };
    output.one(turned, || format!("`{}` {words}", turned.queue))?;
    Ok(Ending::Done)
}
