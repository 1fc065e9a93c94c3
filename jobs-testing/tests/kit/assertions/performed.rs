//! Counting what was performed.

use crate::fixture::{Call, Chain, Digest, Resize, SendMail, assert_fails, mail, picture, plain, test};

async fn some_of_each() {
    mail(1).await;
    picture("cat.png").await;
    Digest::perform_later(3).await.unwrap();
}

#[tokio::test]
async fn nothing_is_performed_unless_the_test_asks() {
    let (test, calls) = test();
    test.scope(some_of_each()).await;
    test.assert_no_performed_jobs();
    test.perform_enqueued_jobs().during(async {}).await.unwrap();
    test.assert_no_performed_jobs();
    assert!(calls.all().is_empty());
}

#[tokio::test]
async fn performed_jobs_are_counted_and_the_count_grows() {
    let (test, _entered) = plain();
    mail(1).await;
    test.perform_enqueued_jobs().await.unwrap();
    test.assert_performed_jobs(1);
    some_of_each().await;
    test.perform_enqueued_jobs().await.unwrap();
    test.assert_performed_jobs(4);
}

#[tokio::test]
async fn a_view_from_now_on_counts_only_runs_after_it() {
    let (test, _entered) = plain();
    mail(1).await;
    test.perform_enqueued_jobs().await.unwrap();
    let later = test.from_now();
    later.assert_no_performed_jobs();
    mail(2).await;
    test.perform_enqueued_jobs().await.unwrap();
    later.assert_performed_jobs(1);
    assert_fails("2 jobs were to be performed since then, but 1 was.", || later.assert_performed_jobs(2));
}

#[tokio::test]
async fn a_block_that_performs_counts_its_own_runs() {
    let (test, _entered) = plain();
    let first = test.from_now();
    test.perform_enqueued_jobs().during(mail(1)).await.unwrap();
    first.assert_performed_jobs(1);
    let second = test.from_now();
    test.perform_enqueued_jobs().during(some_of_each()).await.unwrap();
    second.assert_performed_jobs(3);
    second.only::<SendMail>().assert_performed_jobs(1);
    test.assert_performed_jobs(4);
}

#[tokio::test]
async fn runs_can_be_counted_inside_a_performing_block() {
    let (test, _entered) = plain();
    let inside = test.clone();
    let block = async move {
        mail(1).await;
        inside.assert_performed_jobs(1);
        mail(2).await;
        inside.assert_performed_jobs(2);
    };
    test.perform_enqueued_jobs().during(block).await.unwrap();
}

#[tokio::test]
async fn too_few_and_too_many_performed_jobs_fail_with_both_numbers() {
    let (test, _entered) = plain();
    some_of_each().await;
    test.perform_enqueued_jobs().await.unwrap();
    assert_fails("5 jobs were to be performed, but 3 were.", || test.assert_performed_jobs(5));
    assert_fails("1 job was to be performed, but 3 were.", || test.assert_performed_jobs(1));
    assert_fails("0 jobs were to be performed, but 3 were.", || test.assert_no_performed_jobs());
    assert_fails("0 jobs were to be performed (only send_mail), but 1 was.", || {
        test.only::<SendMail>().assert_no_performed_jobs();
    });
    assert_fails("0 jobs were to be performed (except resize), but 2 were.", || {
        test.except::<Resize>().assert_no_performed_jobs();
    });
    assert_fails("3 jobs were to be performed (except resize), but 2 were.", || {
        test.except::<Resize>().assert_performed_jobs(3);
    });
    assert_fails("1 job was to be performed (except resize), but 2 were.", || {
        test.except::<Resize>().assert_performed_jobs(1);
    });
    assert_fails("1 job was to be performed (only chain), but 0 were.", || {
        test.only::<Chain>().assert_performed_jobs(1);
    });
}

#[tokio::test]
async fn types_queues_and_functions_narrow_the_count_of_runs() {
    let (test, _entered) = plain();
    some_of_each().await;
    test.perform_enqueued_jobs().await.unwrap();
    test.only::<SendMail>().assert_performed_jobs(1);
    test.only::<SendMail>().only::<Resize>().assert_performed_jobs(2);
    test.except::<SendMail>().assert_performed_jobs(2);
    test.except::<SendMail>().except::<Resize>().assert_performed_jobs(1);
    test.except::<SendMail>().except::<Resize>().except::<Digest>().assert_no_performed_jobs();
    test.queue("mail").assert_performed_jobs(2);
    test.only::<SendMail>().queue("mail").assert_performed_jobs(1);
    test.except::<SendMail>().queue("mail").assert_performed_jobs(1);
    test.only::<Resize>().queue("mail").assert_no_performed_jobs();
    test.except::<Digest>().except::<SendMail>().queue("mail").assert_no_performed_jobs();
    test.only_if(jobs_testing::Seen::is::<Digest>).assert_performed_jobs(1);
    test.except_if(|seen| seen.queue() == "mail").assert_performed_jobs(1);
}

#[tokio::test]
async fn a_failed_assertion_on_runs_names_the_filter_of_its_view() {
    let (test, _entered) = plain();
    some_of_each().await;
    test.perform_enqueued_jobs().await.unwrap();
    assert_fails("1 job was to be performed (on queue high), but 0 were.", || {
        test.queue("high").assert_performed_jobs(1);
    });
    assert_fails("1 job was to be performed (only resize, on queue mail), but 0 were.", || {
        test.only::<Resize>().queue("mail").assert_performed_jobs(1);
    });
    assert_fails("0 jobs were to be performed (only send_mail, on queue mail), but 1 was.", || {
        test.only::<SendMail>().queue("mail").assert_no_performed_jobs();
    });
    assert_fails("0 jobs were to be performed (except send_mail, on queue mail), but 1 was.", || {
        test.except::<SendMail>().queue("mail").assert_no_performed_jobs();
    });
    assert_fails("0 jobs were to be performed (on queue mail), but 2 were.", || {
        test.queue("mail").assert_no_performed_jobs();
    });
}

#[tokio::test]
async fn a_job_that_fails_counts_as_performed_and_each_attempt_counts() {
    let (test, _entered) = plain();
    mail(0).await;
    test.perform_enqueued_jobs().await.unwrap_err();
    test.assert_performed_jobs(1);
    Call::perform_later(1).await.unwrap();
    test.perform_enqueued_jobs().until_empty().await.unwrap();
    test.only::<Call>().assert_performed_jobs(2);
}
