//! Claims and settlements that arrive late take nothing and end nothing.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::sync::Arc;
use std::task::{Context, Waker};
use std::time::Duration;

use common::TestDb;
use common::jobs::ME;
use jobs_core::{Claim, Settled, Store};
use jobs_sidekiq::{SidekiqOptions, SidekiqStore};
use jobs_testing::plain::{enqueue, finish, work};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// A network in front of Redis. It keeps the next call of the first connection back, and cuts that connection.
#[derive(Default)]
struct Network {
    keep: Notify,
    deliver: Notify,
    delivered: Notify,
}

impl Network {
    /// Begins in front of this server; the port to connect to.
    async fn start(self: &Arc<Self>, server: String) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let network = Arc::clone(self);
        tokio::spawn(async move {
            for number in 0.. {
                let (mut client, _) = listener.accept().await.unwrap();
                let mut redis = TcpStream::connect(&server).await.unwrap();
                let network = Arc::clone(&network);
                tokio::spawn(async move {
                    if number == 0 {
                        network.first_connection(client, redis).await;
                    } else {
                        let _ended = copy_bidirectional(&mut client, &mut redis).await;
                    }
                });
            }
        });
        port
    }

    async fn first_connection(&self, mut client: TcpStream, mut redis: TcpStream) {
        tokio::select! {
            _ended = copy_bidirectional(&mut client, &mut redis) => return,
            () = self.keep.notified() => {}
        }
        let mut call = Vec::new();
        while !is_whole(&call) {
            client.read_buf(&mut call).await.unwrap();
        }
        drop(client);
        self.deliver.notified().await;
        redis.write_all(&call).await.unwrap();
        redis.read_u8().await.unwrap();
        self.delivered.notify_one();
    }
}

/// Whether these bytes are a call in the protocol of Redis: `*2`, and two times the length of a text and the text.
fn is_whole(call: &[u8]) -> bool {
    let mut rest = call;
    let mut number = |text: bool| {
        let end = rest.iter().position(|byte| *byte == b'\n')?;
        let number: usize = std::str::from_utf8(rest.get(1..end)?).ok()?.trim_end().parse().ok()?;
        rest = rest.get(end + 1 + if text { number + 2 } else { 0 }..)?;
        Some(number)
    };
    number(false).is_some_and(|texts| (0..texts).all(|_| number(true).is_some()))
}

async fn open(url: &str, port: u16) -> SidekiqStore {
    let (_, database) = url.rsplit_once('/').unwrap();
    let url = format!("sidekiq+redis://127.0.0.1:{port}/{database}");
    SidekiqOptions::from_url(&url).unwrap().connect().await.unwrap()
}

#[tokio::test]
async fn a_claim_that_was_given_up_takes_nothing_when_it_arrives_late() {
    let Some(db) = TestDb::new().await else { return };
    let server = db.url.trim_start_matches("sidekiq+redis://").split('/').next().unwrap().to_owned();
    let network = Arc::new(Network::default());
    let store = open(&db.url, network.start(server).await).await;
    enqueue(&store, 0..10).await;
    assert_eq!(work(&store, 1).await.len(), 1);

    network.keep.notify_one();
    let error = store.claim(&Claim::all(ME, 5)).await.unwrap_err();
    assert!(error.is_transient(), "{error:?}");
    // Over another connection the process gives that claim up, and claims anew.
    assert_eq!(store.claim(&Claim::all(ME, 2)).await.unwrap().len(), 2);
    network.deliver.notify_one();
    network.delivered.notified().await;

    let held: u64 = db.run(&["HLEN", &format!("jobs_rs:claimed:{ME}")]).await;
    assert_eq!((held, db.list("queue:default").await.len()), (2, 7), "only the second claim took jobs");
}

#[tokio::test]
async fn of_many_settlements_those_that_no_longer_hold_are_told_apart() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    enqueue(&store, 0..100).await;
    let held = store.claim(&Claim::all(ME, 100)).await.unwrap();
    let all: Vec<_> = finish(held);
    let before: Vec<_> = all.iter().skip(10).step_by(3).cloned().collect();
    assert_eq!(store.settle(&before).await.unwrap(), vec![Settled::Applied; before.len()]);
    let twice: Vec<_> = all.iter().chain(&all[..1]).cloned().collect();
    let expected: Vec<_> = twice
        .iter()
        .enumerate()
        .map(|(n, one)| if n == 100 || before.contains(one) { Settled::Stale } else { Settled::Applied })
        .collect();
    assert_eq!(store.settle(&twice).await.unwrap(), expected);
    let (processed, held): (u64, u64) =
        (db.run(&["GET", "stat:processed"]).await, db.run(&["HLEN", &format!("jobs_rs:claimed:{ME}")]).await);
    assert_eq!((processed, held), (100, 0), "each run is counted once");
}

#[tokio::test]
async fn a_large_batch_is_settled_and_as_many_jobs_are_claimed() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    enqueue(&store, 0..300).await;
    let first = store.claim(&Claim::all(ME, 150)).await.unwrap();
    let ends = finish(first);
    let (settled, claimed) = store.settle_and_claim(&ends, &Claim::all(ME, 150)).await.unwrap();
    assert_eq!((settled, claimed.len()), (vec![Settled::Applied; 150], 150));
    let processed: u64 = db.run(&["GET", "stat:processed"]).await;
    assert_eq!((processed, db.list("queue:default").await.len()), (150, 0));
    // Again, as after a lost answer: what is settled is told so, and there is nothing more to claim.
    let (settled, none) = store.settle_and_claim(&ends, &Claim::all(ME, 150)).await.unwrap();
    assert_eq!((settled, none.len()), (vec![Settled::Stale; 150], 0));
    assert_eq!(store.settle(&finish(claimed)).await.unwrap(), vec![Settled::Applied; 150]);
}

#[tokio::test]
async fn a_large_call_whose_answer_nobody_takes_loses_no_job() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    enqueue(&store, 0..300).await;
    let ends = finish(store.claim(&Claim::all(ME, 150)).await.unwrap());
    let claim = Claim::all(ME, 150);
    let mut call = store.settle_and_claim(&ends, &claim);
    // The connection is there, so that one poll sends the call.
    assert!(call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    let taken = async {
        while !db.list("queue:default").await.is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), taken).await.unwrap();
    drop(call);
    assert_eq!(store.settle(&ends).await.unwrap().len(), 150);
    assert_eq!(
        work(&store, 300).await.len(),
        150,
        "those that nobody got are given out again, the settled ones are not"
    );
}
