//! Claims whose results are lost: their jobs are claimable again, and no job is given out twice.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::sync::Arc;
use std::time::Duration;

use common::proxy::{Proxy, Way};
use common::{ME, TestDb, count, enqueue, finish, id, work};
use jobs_core::{Claim, Execution, JobId, Process, ProcessId, ProcessStatus, Settled, State, Store};
use jobs_postgres::{PostgresOptions, PostgresStore};
use tokio::time::{interval, timeout};

/// A deadline only; no test needs this long.
const DEADLINE: Duration = Duration::from_secs(30);

/// A store behind a proxy, which has worked already, and one without a proxy.
struct Scene {
    db: TestDb,
    proxy: Proxy,
    far: Arc<PostgresStore>,
    near: PostgresStore,
}

impl Scene {
    async fn open() -> Option<Self> {
        Self::open_by("").await
    }

    async fn open_by(options: &str) -> Option<Self> {
        let db = TestDb::new()?;
        let proxy = Proxy::to(&db.url).await;
        let url = format!("{}{options}", proxy.url);
        let options = PostgresOptions::from_url(&url).unwrap().schema(&db.schema);
        let far = Arc::new(options.clock(db.clock.clone()).connect().await.unwrap());
        let near = db.open().await;
        enqueue(&near, 0..1).await;
        assert_eq!(work(&*far, 1).await, [id(0)]);
        Some(Self { db, proxy, far, near })
    }

    /// Sends a claim together with settlements, and loses its result as soon as this many jobs are claimed.
    async fn lose_a_claim(&self, held: Vec<Execution>, claimed: u64) {
        self.proxy.set(Way::Deaf);
        let (far, settlements) = (self.far.clone(), finish(held));
        let call = tokio::spawn(async move { far.settle_and_claim(&settlements, &Claim::all(ME, 10)).await });
        self.until(|near| async { count(near, State::Claimed).await == claimed }).await;
        self.proxy.sever();
        let error = timeout(DEADLINE, call).await.unwrap().unwrap().expect_err("its answer is lost");
        assert!(error.is_transient(), "{error}");
    }

    async fn until<'a, F: Future<Output = bool>>(&'a self, holds: impl Fn(&'a PostgresStore) -> F) {
        let look = async {
            let mut tick = interval(Duration::from_millis(5));
            while !holds(&self.near).await {
                tick.tick().await;
            }
        };
        timeout(DEADLINE, look).await.unwrap();
    }
}

fn attempts(executions: &[Execution]) -> Vec<(JobId, u32)> {
    executions.iter().map(|it| (it.id(), it.attempt)).collect()
}

#[tokio::test]
async fn jobs_of_a_claim_whose_result_is_lost_are_given_to_the_next_claim() {
    let Some(scene) = Scene::open().await else { return };
    enqueue(&scene.near, 1..3).await;
    scene.lose_a_claim(Vec::new(), 2).await;
    let claimed = scene.far.claim(&Claim::all(ME, 10)).await.unwrap();
    assert_eq!(attempts(&claimed), [(id(1), 1), (id(2), 1)], "no attempt is counted");
    assert_eq!(scene.far.settle(&finish(claimed)).await.unwrap(), [Settled::Applied; 2]);
}

#[tokio::test]
async fn jobs_of_other_claims_stay_with_their_process() {
    let Some(scene) = Scene::open().await else { return };
    enqueue(&scene.near, 1..3).await;
    let held = scene.far.claim(&Claim::all(ME, 2)).await.unwrap();
    let other = ProcessId::new(8);
    enqueue(&scene.near, 3..4).await;
    let others = scene.near.claim(&Claim::all(other, 1)).await.unwrap();
    enqueue(&scene.near, 4..6).await;
    scene.lose_a_claim(Vec::new(), 5).await;
    let claimed = scene.far.claim(&Claim::all(ME, 10)).await.unwrap();
    assert_eq!(attempts(&claimed), [(id(4), 1), (id(5), 1)]);
    assert_eq!(scene.far.settle(&finish(held)).await.unwrap(), [Settled::Applied; 2]);
    assert_eq!(scene.near.settle(&finish(others)).await.unwrap(), [Settled::Applied]);
}

#[tokio::test]
async fn a_settlement_is_applied_once_if_the_result_of_its_claim_is_lost() {
    let Some(scene) = Scene::open().await else { return };
    enqueue(&scene.near, 1..3).await;
    let held = scene.far.claim(&Claim::all(ME, 1)).await.unwrap();
    scene.lose_a_claim(held, 1).await;
    assert_eq!(count(&scene.near, State::Finished).await, 2, "it was written");
    let claimed = scene.far.claim(&Claim::all(ME, 10)).await.unwrap();
    assert_eq!(attempts(&claimed), [(id(2), 1)]);
}

#[tokio::test]
async fn a_stop_releases_the_jobs_of_a_claim_whose_result_is_lost() {
    let Some(scene) = Scene::open().await else { return };
    enqueue(&scene.near, 1..3).await;
    scene.lose_a_claim(Vec::new(), 2).await;
    let mut process = Process::new(ME, "worker", "host", 1);
    process.phase = ProcessStatus::Stopped;
    let _pulse = scene.far.heartbeat(&process).await.unwrap();
    assert_eq!(count(&scene.near, State::Ready).await, 2);
}

/// The server does not notice that a client is gone while a statement waits for a lock. Here it waits for the row that
/// it must finish before it claims.
#[tokio::test]
async fn a_late_claim_on_a_lost_connection_claims_nothing() {
    // As behind a pooler, where the backend of a lost connection cannot be terminated.
    let Some(scene) = Scene::open_by("&prepare=off").await else { return };
    enqueue(&scene.near, 1..4).await;
    let held = finish(scene.far.claim(&Claim::all(ME, 1)).await.unwrap());
    let (locker, watcher) = (scene.db.stranger().await, scene.db.stranger().await);
    let lock = scene.db.sql("SELECT FROM {schema}.jobs WHERE process IS NOT NULL FOR UPDATE");
    locker.batch_execute(&format!("BEGIN; {lock}")).await.unwrap();
    let far = scene.far.clone();
    let late = tokio::spawn(async move { far.settle_and_claim(&held, &Claim::all(ME, 10)).await });
    let pid: i32 = locker.query_one("SELECT pg_backend_pid()", &[]).await.unwrap().get(0);
    let waiting = "SELECT FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))";
    scene.until(|_| async { !watcher.query(waiting, &[&pid]).await.unwrap().is_empty() }).await;
    scene.proxy.sever();
    let _lost = timeout(DEADLINE, late).await.unwrap().unwrap().expect_err("its connection is cut");
    let claimed = scene.far.claim(&Claim::all(ME, 1)).await.unwrap();
    assert_eq!(attempts(&claimed), [(id(2), 1)]);
    locker.batch_execute("ROLLBACK").await.unwrap();
    scene.until(|near| async { count(near, State::Finished).await == 2 }).await;
    assert_eq!(count(&scene.near, State::Claimed).await, 1, "no job stays claimed by a lost claim");
    assert_eq!(scene.far.settle(&finish(claimed)).await.unwrap(), [Settled::Applied]);
    assert_eq!(work(&*scene.far, 10).await, [id(3)]);
}
