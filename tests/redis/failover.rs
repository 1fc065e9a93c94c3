//! A Redis primary that dies or becomes a replica: the workers go on with the one that takes over, without a restart.

use crate::STORES;
use crate::fleet::Fleet;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn workers_go_on_with_the_replica_that_takes_over_from_a_dead_primary() {
    for store in STORES {
        let Some(mut fleet) = Fleet::start(store).await else { return };
        fleet.enqueue_all(0..2_000).await;
        fleet.performs(300).await;
        // No acknowledgement passes that the replica does not have.
        fleet.address.silence_all();
        fleet.promote().await;
        fleet.primary.kill();
        fleet.address.cut_all();
        fleet.enqueue(2_000..2_010).await;
        fleet.accounts_for(2_010).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn workers_leave_a_primary_that_has_become_a_replica() {
    for store in STORES {
        let Some(fleet) = Fleet::start(store).await else { return };
        fleet.enqueue_all(0..2_000).await;
        fleet.performs(300).await;
        fleet.demote_primary(fleet.replica.port()).await;
        fleet.enqueue(2_000..2_010).await;
        fleet.accounts_for(2_010).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn idle_workers_leave_a_replica_that_gets_no_jobs_any_more() {
    for store in STORES {
        for serves_stale in ["yes", "no"] {
            let Some(fleet) = Fleet::start(store).await else { return };
            fleet.enqueue(0..10).await;
            fleet.performs(10).await;
            let _: () = fleet.primary.run(&["CONFIG", "SET", "replica-serve-stale-data", serves_stale]).await;
            // It cannot reach its primary, and so no job arrives there.
            fleet.demote_primary(1).await;
            fleet.push(10..20).await;
            fleet.accounts_for(20).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn workers_leave_a_primary_that_is_gone_without_a_word() {
    let running = STORES.map(|store| async move {
        let Some(fleet) = Fleet::start(store).await else { return };
        fleet.enqueue_all(0..2_000).await;
        fleet.performs(300).await;
        fleet.address.silence_all();
        fleet.promote().await;
        fleet.accounts_for(2_000).await;
    });
    let [first, second] = running;
    tokio::join!(first, second);
}
