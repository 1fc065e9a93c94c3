//! Callers share calls, and none of them suffers from another one.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use std::sync::{Arc, Mutex};

use jobs_core::Error;
use jobs_store_util::{GroupCommit, SharedCall};
use tokio::sync::Semaphore;

/// Doubles numbers. It refuses 13, and waits for a permit before each call.
struct Doubling {
    permits: Semaphore,
    groups: Mutex<Vec<Vec<u32>>>,
}

impl SharedCall for Doubling {
    type Key = &'static str;
    type Request = u32;
    type Answer = u32;

    const DOING: &'static str = "double numbers";

    fn has_room(&self, group: &[u32]) -> bool {
        group.len() < 3
    }

    async fn call(&self, _key: &&'static str, group: &[u32]) -> Result<Vec<u32>, Error> {
        self.permits.acquire().await.unwrap().forget();
        self.groups.lock().unwrap().push(group.to_vec());
        if group.contains(&13) {
            return Err(Error::invalid("13 is refused"));
        }
        Ok(group.iter().map(|number| number * 2).collect())
    }
}

fn doubling() -> Arc<GroupCommit<Doubling>> {
    GroupCommit::new(Doubling { permits: Semaphore::new(0), groups: Mutex::default() })
}

/// Asks for these numbers one after the other, and lets the calls begin after that.
async fn doubled(shared: &Arc<GroupCommit<Doubling>>, numbers: &[u32]) -> Vec<Result<u32, Error>> {
    let mut callers = Vec::new();
    for number in numbers {
        let (shared, number) = (Arc::clone(shared), *number);
        callers.push(tokio::spawn(async move { shared.request("a", number).await }));
        tokio::task::yield_now().await;
        tokio::task::yield_now().await;
        tokio::task::yield_now().await;
    }
    shared.shared_call().permits.add_permits(100);
    let mut answers = Vec::new();
    for caller in callers {
        answers.push(caller.await.unwrap());
    }
    answers
}

#[tokio::test]
async fn callers_that_wait_while_a_call_is_under_way_share_the_next_ones() {
    let shared = doubling();
    let answers = doubled(&shared, &[1, 2, 3, 4, 5]).await;
    assert_eq!(answers.into_iter().map(Result::unwrap).collect::<Vec<_>>(), [2, 4, 6, 8, 10]);
    assert_eq!(*shared.shared_call().groups.lock().unwrap(), [vec![1], vec![2, 3, 4], vec![5]]);
}

#[tokio::test]
async fn a_request_that_is_refused_fails_alone() {
    let shared = doubling();
    let answers = doubled(&shared, &[1, 2, 13, 4]).await;
    assert!(answers[2].as_ref().is_err_and(Error::is_invalid), "{answers:?}");
    assert_eq!((answers[1].as_ref().unwrap(), answers[3].as_ref().unwrap()), (&4, &8));
    assert_eq!(*shared.shared_call().groups.lock().unwrap(), [vec![1], vec![2, 13, 4], vec![2], vec![13], vec![4]]);
}

#[tokio::test]
async fn a_caller_that_stops_waiting_takes_nothing_from_the_others() {
    let shared = doubling();
    let first = tokio::spawn({
        let shared = Arc::clone(&shared);
        async move { shared.request("a", 1).await }
    });
    tokio::task::yield_now().await;
    first.abort();
    let answers = doubled(&shared, &[2]).await;
    assert_eq!(answers[0].as_ref().unwrap(), &4);
}

#[test]
fn after_the_end_of_a_runtime_the_next_caller_starts_anew() {
    let shared = doubling();
    let runtime = || tokio::runtime::Builder::new_current_thread().build().unwrap();
    let ended = runtime();
    let waiting = Arc::clone(&shared);
    let asked = ended.spawn(async move { waiting.request("a", 1).await });
    ended.block_on(tokio::task::yield_now());
    drop(ended);
    drop(asked);
    let answers = runtime().block_on(doubled(&shared, &[2]));
    assert_eq!(answers[0].as_ref().unwrap(), &4);
}
