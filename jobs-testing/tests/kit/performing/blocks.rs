//! The block form: jobs are performed as they are enqueued.

use std::time::Duration;

use jobs_testing::{DrainError, TestJobs};

use crate::fixture::{
    Bounced, Call, Chain, Digest, Resize, SendMail, assert_fails, enqueue, mail, picture, plain, test,
};

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn jobs_enqueued_in_the_block_are_performed_at_once_and_its_value_returned() {
    let (test, calls) = test();
    let seen = calls.clone();
    let block = async move {
        mail(1).await;
        seen.add("after the mail");
        picture("cat.png").await;
        42
    };
    assert_eq!(test.perform_enqueued_jobs().during(block).await.unwrap(), 42);
    assert_eq!(calls.all(), ["mail 1", "after the mail", "resize cat.png"]);
    test.assert_no_enqueued_jobs();
}

#[tokio::test]
async fn before_and_after_the_block_no_job_is_performed_automatically() {
    let (test, _entered) = plain();
    mail(1).await;
    test.perform_enqueued_jobs().during(mail(2)).await.unwrap();
    mail(3).await;
    test.assert_performed_jobs(1);
    test.assert_performed_with(SendMail::new(2));
    test.assert_enqueued_jobs(2);
}

async fn each() {
    mail(1).await;
    picture("cat.png").await;
    Digest::perform_later(1).await.unwrap();
}

/// Runs a block that enqueues one of each through a view; gives the names of the jobs that it performed.
async fn performed_in_a_block(narrowed: fn(&TestJobs) -> TestJobs) -> Vec<String> {
    let (test, _) = test();
    narrowed(&test).perform_enqueued_jobs().during(each()).await.unwrap();
    let performed: Vec<_> = test.performed_jobs().iter().map(|seen| seen.name().to_owned()).collect();
    test.assert_enqueued_jobs(3 - performed.len());
    performed
}

#[tokio::test]
async fn only_jobs_of_the_types_that_the_view_sees_are_performed_in_the_block() {
    assert_eq!(performed_in_a_block(TestJobs::only::<SendMail>).await, ["send_mail"]);
    assert_eq!(performed_in_a_block(|test| test.only::<SendMail>().only::<Digest>()).await, ["send_mail", "digest"]);
    assert_eq!(performed_in_a_block(TestJobs::except::<SendMail>).await, ["resize", "digest"]);
    assert_eq!(performed_in_a_block(|test| test.except::<SendMail>().except::<Digest>()).await, ["resize"]);
    assert!(performed_in_a_block(TestJobs::only::<Chain>).await.is_empty());
}

#[tokio::test]
async fn only_jobs_of_the_queues_that_the_view_sees_are_performed_in_the_block() {
    assert_eq!(performed_in_a_block(|test| test.queue("mail")).await, ["send_mail", "digest"]);
    assert_eq!(performed_in_a_block(|test| test.only::<Digest>().queue("mail")).await, ["digest"]);
    assert_eq!(performed_in_a_block(|test| test.except::<Digest>().queue("mail")).await, ["send_mail"]);
    assert!(performed_in_a_block(|test| test.only::<Digest>().queue("default")).await.is_empty());
    assert!(performed_in_a_block(|test| test.queue("high")).await.is_empty());
    assert!(performed_in_a_block(|test| test.except::<Resize>().queue("default")).await.is_empty());
}

#[tokio::test]
async fn only_jobs_that_a_function_accepts_are_performed_in_the_block() {
    assert_eq!(performed_in_a_block(|test| test.only_if(|seen| seen.priority() == 5)).await, ["resize"]);
    assert_eq!(performed_in_a_block(|test| test.except_if(|seen| seen.queue() == "mail")).await, ["resize"]);
}

#[tokio::test]
async fn a_view_after_a_performing_block_fails_with_both_numbers() {
    let (test, _) = test();
    let view = test.from_now().only::<Chain>();
    view.perform_enqueued_jobs().during(each()).await.unwrap();
    assert_fails("1 job was to be performed since then (only chain), but 0 were.", || view.assert_performed_jobs(1));
    let view = test.from_now().queue("mail");
    view.perform_enqueued_jobs().during(each()).await.unwrap();
    assert_fails("0 jobs were to be performed since then (on queue mail), but 2 were.", || {
        view.assert_no_performed_jobs();
    });
    test.from_now().only::<SendMail>().assert_no_performed_jobs();
    view.only::<Resize>().assert_no_performed_jobs();
}

#[tokio::test]
async fn a_block_view_of_types_and_queues_fails_with_both_numbers() {
    let (test, _) = test();
    let view = test.from_now().except::<SendMail>().except::<Resize>().except::<Digest>();
    view.perform_enqueued_jobs().during(each()).await.unwrap();
    let filter = "except send_mail or resize or digest";
    assert_fails(&format!("1 job was to be performed since then ({filter}), but 0 were."), || {
        view.assert_performed_jobs(1);
    });
    let view = test.from_now().only::<Resize>().queue("mail");
    view.perform_enqueued_jobs().during(each()).await.unwrap();
    assert_fails("1 job was to be performed since then (only resize, on queue mail), but 0 were.", || {
        view.assert_performed_jobs(1);
    });
    let view = test.from_now().only::<Digest>().queue("mail");
    view.perform_enqueued_jobs().during(each()).await.unwrap();
    assert_fails("0 jobs were to be performed since then (only digest, on queue mail), but 1 was.", || {
        view.assert_no_performed_jobs();
    });
    let view = test.from_now().except::<Digest>();
    view.perform_enqueued_jobs().during(each()).await.unwrap();
    assert_fails("0 jobs were to be performed since then (except digest), but 2 were.", || {
        view.assert_no_performed_jobs();
    });
    let view = test.from_now().except::<Digest>().queue("mail");
    view.perform_enqueued_jobs().during(each()).await.unwrap();
    assert_fails("0 jobs were to be performed since then (except digest, on queue mail), but 1 was.", || {
        view.assert_no_performed_jobs();
    });
}

#[tokio::test]
async fn an_excepted_type_and_a_queue_of_a_block_end_with_it() {
    let narrowings: [fn(&TestJobs) -> TestJobs; 2] = [TestJobs::except::<SendMail>, |test| test.queue("high")];
    for narrowed in narrowings {
        let (test, _entered) = plain();
        narrowed(&test).perform_enqueued_jobs().during(mail(1)).await.unwrap();
        test.assert_no_performed_jobs();
        test.perform_enqueued_jobs().during(mail(2)).await.unwrap();
        test.assert_performed_with(SendMail::new(2));
        mail(3).await;
        test.perform_enqueued_jobs().await.unwrap();
        test.assert_performed_jobs(3);
    }
}

#[tokio::test]
async fn a_filter_ends_with_its_block_and_an_inner_block_restores_the_outer() {
    let (test, _entered) = plain();
    let inner = test.clone();
    let block = async move {
        mail(1).await;
        inner.only::<Resize>().perform_enqueued_jobs().during(mail(2)).await.unwrap();
        mail(3).await;
    };
    test.only::<SendMail>().perform_enqueued_jobs().during(block).await.unwrap();
    let left: Vec<_> = test.enqueued_jobs().iter().map(|seen| seen.job::<SendMail>().to).collect();
    assert!(left.is_empty(), "the outer block saw the mail of the inner one in the end: {left:?}");
    mail(4).await;
    test.assert_enqueued_jobs(1);
}

#[tokio::test]
async fn a_job_for_later_is_not_performed_in_the_block_and_one_for_a_past_time_is() {
    let (test, _entered) = plain();
    let (later, past) = (test.now() + HOUR, test.now() - HOUR);
    let block = async {
        SendMail::perform_later(1).wait_until(later).await.unwrap();
        SendMail::perform_later(2).wait_until(past).await.unwrap();
        SendMail::perform_later(3).await.unwrap();
    };
    test.perform_enqueued_jobs().during(block).await.unwrap();
    test.assert_performed_jobs(2);
    test.assert_enqueued_with(SendMail::new(1));
}

#[tokio::test]
async fn a_job_that_comes_to_be_due_in_the_block_is_performed_by_its_end() {
    let (test, calls) = test();
    let (inside, seen) = (test.clone(), calls.clone());
    let block = async move {
        SendMail::perform_later(1).wait(HOUR).await.unwrap();
        inside.travel(HOUR);
        seen.add("the end of the block");
    };
    test.perform_enqueued_jobs().during(block).await.unwrap();
    assert_eq!(calls.all(), ["the end of the block", "mail 1"]);
}

#[tokio::test]
async fn a_block_until_empty_also_performs_what_is_left_of_it_in_the_end() {
    let (test, _entered) = plain();
    SendMail::perform_later(9).wait(HOUR).await.unwrap();
    let block = async {
        SendMail::perform_later(1).wait(2 * HOUR).await.unwrap();
        SendMail::perform_later(2).await.unwrap();
    };
    test.perform_enqueued_jobs().until_empty().during(block).await.unwrap();
    test.assert_performed_jobs(2);
    test.assert_enqueued_with(SendMail::new(9));
}

#[tokio::test]
async fn jobs_of_a_performed_job_run_after_it_and_before_the_block_continues() {
    let (test, calls) = test();
    let seen = calls.clone();
    let block = async move {
        Chain::perform_later(2).await.unwrap();
        seen.add("the block goes on");
    };
    test.perform_enqueued_jobs().during(block).await.unwrap();
    let order = ["chain 2", "end 2", "chain 1", "end 1", "chain 0", "end 0", "the block goes on"];
    assert_eq!(calls.all(), order);
}

#[tokio::test]
async fn a_failure_comes_out_at_the_end_of_the_block_and_not_inside_it() {
    let (test, _entered) = plain();
    let block = async {
        mail(0).await;
        mail(1).await;
    };
    let error = test.perform_enqueued_jobs().during(block).await.unwrap_err();
    assert!(error.is::<Bounced>(), "{error}");
    test.assert_performed_jobs(1);
    test.assert_enqueued_with(SendMail::new(1));
    assert_eq!(test.failed_jobs().len(), 1);
}

#[tokio::test]
async fn a_block_that_keeps_failures_continues() {
    let (test, _entered) = plain();
    let block = async {
        mail(0).await;
        mail(1).await;
    };
    test.perform_enqueued_jobs().and_keep_failures().during(block).await.unwrap();
    test.assert_performed_jobs(2);
    assert_eq!(test.failed_jobs().len(), 1);
}

#[tokio::test]
async fn a_failing_job_with_two_attempts_runs_twice_and_then_its_error_comes_out() {
    let (test, _entered) = plain();
    let block = enqueue(Call::new(0));
    let error = test.perform_enqueued_jobs().until_empty().during(block).await.unwrap_err();
    assert!(error.is::<crate::fixture::Busy>(), "{error}");
    test.assert_performed_jobs(2);
    test.assert_no_enqueued_jobs();
}

#[tokio::test]
async fn a_bulk_in_the_block_is_performed_whole() {
    let (test, _entered) = plain();
    let jobs = test.client().clone();
    let block = async move { jobs.perform_all_later((1..=1500).map(SendMail::new)).await.unwrap().len() };
    assert_eq!(test.perform_enqueued_jobs().during(block).await.unwrap(), 1500);
    test.assert_performed_jobs(1500);
}

#[tokio::test]
async fn a_chain_of_jobs_in_the_block_is_not_recursive_and_a_loop_is_an_error() {
    let (test, _entered) = plain();
    test.perform_enqueued_jobs().during(enqueue(Chain::new(5000))).await.unwrap();
    test.assert_performed_jobs(5001);
    let endless = test.perform_enqueued_jobs().during(enqueue(Chain::new(100_000)));
    let error = endless.await.unwrap_err();
    assert!(matches!(error, DrainError::Endless { .. }), "{error}");
}

#[tokio::test]
async fn a_block_that_is_dropped_ends_the_performing() {
    let (test, _entered) = plain();
    let block = test.perform_enqueued_jobs().during(std::future::pending::<()>());
    assert!(tokio::time::timeout(Duration::from_millis(1), block).await.is_err());
    mail(1).await;
    test.assert_enqueued_jobs(1);
}
