//! How often Ruby retries the jobs that Rust enqueued.

use std::time::Duration;

use serde_json::{Value, json};

use crate::ruby::Tree;
use crate::worker::{self, RubyOnce};

#[tokio::test(flavor = "multi_thread")]
async fn the_class_decides_in_sidekiq_6_if_asked_for() {
    class_decides("bookworm").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_class_decides_in_sidekiq_7_if_asked_for() {
    class_decides("trixie").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_class_decides_in_sidekiq_8_if_asked_for() {
    class_decides("forky").await;
}

async fn class_decides(release: &str) {
    for (query, set, retry) in [("?retry=class", "dead", json!(0)), ("", "retry", json!(true))] {
        let Some(tree) = Tree::of(release).await else { return };
        let client = worker::client(&tree.db, query).await;
        RubyOnce::perform_later("now").on(&client).await.unwrap();
        // The poller of Ruby pushes this one.
        RubyOnce::perform_later("later").wait(Duration::from_secs(1)).on(&client).await.unwrap();
        let _ruby = tree.sidekiq();
        let failed = || async { tree.db.run::<Vec<String>>(&["ZRANGE", set, "0", "-1"]).await };
        tree.db.waits(|| async { failed().await.len() == 2 }, "both jobs have failed").await;
        for text in failed().await {
            let payload: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(payload["retry"], retry, "{query}: {text}");
        }
    }
}
