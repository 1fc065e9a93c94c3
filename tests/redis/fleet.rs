//! A primary, its replica, and a worker that reaches the primary by an address.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jobs::prelude::*;
use jobs::{AnyJob, RuntimeHandle, State};
use tokio::sync::watch;
use tokio::time::{interval, timeout};

use crate::address::Address;
use crate::server::OwnServer;

const DEADLINE: Duration = Duration::from_secs(120);

/// How often each job was performed.
#[derive(Clone, Default)]
pub(crate) struct Ledger {
    lines: Arc<Mutex<BTreeMap<u64, u32>>>,
    performed: watch::Sender<usize>,
}

#[job(name = "Count", queue = "default")]
pub(crate) async fn count(number: u64, ledger: &Ledger) -> Result<(), std::io::Error> {
    *ledger.lines.lock().unwrap().entry(number).or_default() += 1;
    ledger.performed.send_modify(|jobs| *jobs += 1);
    Ok(())
}

pub(crate) struct Fleet {
    pub(crate) primary: OwnServer,
    pub(crate) replica: OwnServer,
    pub(crate) address: Address,
    store: &'static str,
    handle: RuntimeHandle,
    ledger: Ledger,
}

impl Fleet {
    /// With a worker on this store. `None` if there is no Redis.
    pub(crate) async fn start(store: &'static str) -> Option<Self> {
        let (primary, replica) = (OwnServer::new().await?, OwnServer::new().await?);
        let _: () = replica.run(&["REPLICAOF", "127.0.0.1", &primary.port().to_string()]).await;
        is_in_step(&primary).await;
        let (address, ledger) = (Address::of(primary.port()).await, Ledger::default());
        let runtime = Runtime::builder()
            .connect(address.url(store))
            .register(jobs::jobs![Count])
            .provide(ledger.clone())
            .worker(Worker::default().concurrency(4))
            .heartbeat_interval(Duration::from_millis(200))
            .poll_interval(Duration::from_millis(50))
            .build();
        let handle = runtime.await.unwrap().start().await.unwrap();
        Some(Self { primary, replica, address, store, handle, ledger })
    }

    /// Enqueues by the client of the worker until it is stored.
    pub(crate) async fn enqueue(&self, numbers: std::ops::Range<u64>) {
        let mut pause = interval(Duration::from_millis(50));
        for number in numbers {
            let job = || AnyJob::new(Count::new(number));
            while self.handle.client().perform_all_later([job()]).await.is_err() {
                pause.tick().await;
            }
        }
    }

    /// Enqueues many jobs at once.
    pub(crate) async fn enqueue_all(&self, numbers: std::ops::Range<u64>) {
        let jobs: Vec<_> = numbers.map(|number| AnyJob::new(Count::new(number))).collect();
        let _stored = self.handle.client().perform_all_later(jobs).await.unwrap();
    }

    /// Waits until so many jobs were performed.
    pub(crate) async fn performs(&self, jobs: usize) {
        let mut performed = self.ledger.performed.subscribe();
        let all = performed.wait_for(|now| *now >= jobs);
        let Ok(reached) = timeout(DEADLINE, all).await.map(|reached| reached.is_ok()) else {
            panic!("{} of {jobs} jobs were performed", *self.ledger.performed.borrow());
        };
        assert!(reached);
    }

    /// The replica has all that the primary has acknowledged, and takes over.
    pub(crate) async fn promote(&self) {
        let _: () = self.primary.run(&["CLIENT", "PAUSE", "60000", "WRITE"]).await;
        is_in_step(&self.primary).await;
        let _: () = self.replica.run(&["REPLICAOF", "NO", "ONE"]).await;
        self.address.lead_to(self.replica.port());
    }

    /// The replica takes over, and the primary becomes a replica of the server on this port. Its connections stay.
    pub(crate) async fn demote_primary(&self, of: u16) {
        self.promote().await;
        let _: () = self.primary.run(&["REPLICAOF", "127.0.0.1", &of.to_string()]).await;
        let _: () = self.primary.run(&["CLIENT", "UNPAUSE"]).await;
    }

    /// Pushes jobs to the new primary as Ruby does.
    pub(crate) async fn push(&self, numbers: std::ops::Range<u64>) {
        for number in numbers {
            let text = format!(r#"{{"class":"Count","args":[{number}]}}"#);
            let (push, key) = match self.store {
                "resque" => ("RPUSH", "resque:queue:default"),
                _ => ("LPUSH", "queue:default"),
            };
            let _: i64 = self.replica.run(&[push, key, &text]).await;
        }
    }

    /// Each of so many jobs was performed once and settled once, and none is left on the new primary.
    pub(crate) async fn accounts_for(self, jobs: u64) {
        self.performs(usize::try_from(jobs).unwrap()).await;
        self.handle.stop().await;
        let store = jobs::store::connect(&format!("{}+{}", self.store, self.replica.address())).await.unwrap();
        let counts = store.inspect().unwrap().counts().await.unwrap();
        let left = [State::Ready, State::Scheduled, State::Claimed, State::Failed].map(|state| counts.of(state));
        assert_eq!(left, [0; 4], "left in {:?}", self.store);
        let key = if self.store == "resque" { "resque:stat:processed" } else { "stat:processed" };
        let settled: u64 = self.replica.run(&["GET", key]).await;
        assert_eq!(settled, jobs, "each is settled once");
        let lines = self.ledger.lines.lock().unwrap().clone();
        assert_eq!(lines, (0..jobs).map(|number| (number, 1)).collect::<BTreeMap<_, _>>(), "each is performed once");
    }
}

/// Waits until the replica of this server has all that it has written.
async fn is_in_step(primary: &OwnServer) {
    let mut pause = interval(Duration::from_millis(20));
    let in_step = async {
        while !has_all(&primary.run::<String>(&["INFO", "replication"]).await) {
            pause.tick().await;
        }
    };
    timeout(DEADLINE, in_step).await.unwrap();
}

fn has_all(replication: &str) -> bool {
    let fact = |name: &str| replication.lines().find_map(|line| line.strip_prefix(name));
    let written = fact("master_repl_offset:").unwrap();
    fact("slave0:").is_some_and(|it| it.contains("state=online") && it.contains(&format!("offset={written},")))
}
