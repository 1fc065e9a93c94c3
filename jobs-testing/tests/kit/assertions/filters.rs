//! Views that see fewer jobs.

use crate::fixture::{Chain, Digest, Resize, SendMail, assert_fails, mail, picture, plain};

async fn some_of_each() {
    mail(1).await;
    mail(2).await;
    picture("cat.png").await;
    Digest::perform_later(3).await.unwrap();
    SendMail::perform_later(4).queue("high").await.unwrap();
}

#[tokio::test]
async fn only_one_type_is_counted() {
    let (test, _entered) = plain();
    some_of_each().await;
    test.only::<SendMail>().assert_enqueued_jobs(3);
    test.only::<Resize>().assert_enqueued_jobs(1);
    test.only::<Chain>().assert_no_enqueued_jobs();
}

#[tokio::test]
async fn only_said_twice_counts_jobs_of_either_type() {
    let (test, _entered) = plain();
    some_of_each().await;
    test.only::<Resize>().only::<Digest>().assert_enqueued_jobs(2);
}

#[tokio::test]
async fn an_excepted_type_is_not_counted_and_several_may_be() {
    let (test, _entered) = plain();
    some_of_each().await;
    test.except::<SendMail>().assert_enqueued_jobs(2);
    test.except::<SendMail>().except::<Digest>().assert_enqueued_jobs(1);
    test.except::<SendMail>().except::<Digest>().except::<Resize>().assert_no_enqueued_jobs();
}

#[tokio::test]
async fn only_and_except_together_both_hold() {
    let (test, _entered) = plain();
    some_of_each().await;
    test.only::<SendMail>().only::<Digest>().except::<Digest>().assert_enqueued_jobs(3);
    test.only::<SendMail>().except::<SendMail>().assert_no_enqueued_jobs();
    test.only::<SendMail>().except_if(|seen| seen.queue() == "high").assert_enqueued_jobs(2);
    let both = test.only::<SendMail>().only::<Digest>().except::<Digest>();
    assert_fails("1 job was to be enqueued (only send_mail or digest, except digest), but 3 were.", || {
        both.assert_enqueued_jobs(1);
    });
    assert_eq!(both.perform_enqueued_jobs().await.unwrap(), 3);
    both.assert_performed_jobs(3);
    test.only::<Digest>().except::<Digest>().assert_no_performed_jobs();
    assert_fails("0 jobs were to be performed (only send_mail or digest, except digest), but 3 were.", || {
        both.assert_no_performed_jobs();
    });
}

#[tokio::test]
async fn a_queue_alone_counts_jobs_of_all_types_on_it() {
    let (test, _entered) = plain();
    some_of_each().await;
    test.queue("mail").assert_enqueued_jobs(3);
    test.queue("high").assert_enqueued_jobs(1);
    test.queue("mail").queue("high").assert_enqueued_jobs(4);
    test.queue(String::from("nowhere")).assert_no_enqueued_jobs();
}

#[tokio::test]
async fn a_type_and_a_queue_must_both_fit() {
    let (test, _entered) = plain();
    some_of_each().await;
    test.only::<SendMail>().queue("mail").assert_enqueued_jobs(2);
    test.only::<Resize>().queue("mail").assert_no_enqueued_jobs();
    let both = test.only::<SendMail>().queue("high");
    assert_fails("0 jobs were to be enqueued (only send_mail, on queue high), but 1 was.", || {
        both.assert_no_enqueued_jobs();
    });
}

#[tokio::test]
async fn a_queue_without_an_excepted_type_is_counted() {
    let (test, _entered) = plain();
    some_of_each().await;
    test.except::<SendMail>().queue("mail").assert_enqueued_jobs(1);
    test.except::<SendMail>().queue("high").assert_no_enqueued_jobs();
    let rest = test.except::<SendMail>().queue("mail");
    assert_fails("0 jobs were to be enqueued (except send_mail, on queue mail), but 1 was.", || {
        rest.assert_no_enqueued_jobs();
    });
}

#[tokio::test]
async fn functions_choose_by_what_is_stored() {
    let (test, _entered) = plain();
    some_of_each().await;
    test.only_if(|seen| seen.is::<SendMail>() && seen.job::<SendMail>().to > 1).assert_enqueued_jobs(2);
    test.except_if(|seen| seen.name() == "send_mail").assert_enqueued_jobs(2);
    test.only_if(|seen| seen.priority() == 5).assert_enqueued_jobs(1);
}

#[tokio::test]
async fn none_of_a_type_fails_with_a_count_of_zero() {
    let (test, _entered) = plain();
    picture("cat.png").await;
    assert_fails("1 job was to be enqueued (only send_mail), but 0 were.", || {
        test.only::<SendMail>().assert_enqueued_jobs(1);
    });
    assert_fails("1 job was to be enqueued (except resize), but 0 were.", || {
        test.except::<Resize>().assert_enqueued_jobs(1);
    });
}

#[tokio::test]
async fn too_few_and_too_many_of_a_view_fail_with_both_numbers() {
    let (test, _entered) = plain();
    some_of_each().await;
    assert_fails("5 jobs were to be enqueued (except send_mail), but 2 were.", || {
        test.except::<SendMail>().assert_enqueued_jobs(5);
    });
    assert_fails("1 job was to be enqueued (only send_mail), but 3 were.", || {
        test.only::<SendMail>().assert_enqueued_jobs(1);
    });
    assert_fails("1 job was to be enqueued (except send_mail), but 2 were.", || {
        test.except::<SendMail>().assert_enqueued_jobs(1);
    });
    assert_fails("0 jobs were to be enqueued (except send_mail), but 2 were.", || {
        test.except::<SendMail>().assert_no_enqueued_jobs();
    });
}

#[tokio::test]
async fn a_block_and_a_type_narrow_together() {
    let (test, _entered) = plain();
    mail(1).await;
    let inside = test.during(some_of_each()).await;
    inside.only::<SendMail>().assert_enqueued_jobs(3);
    test.only::<SendMail>().assert_enqueued_jobs(4);
    let none = test.only::<Chain>().during(some_of_each()).await;
    none.assert_no_enqueued_jobs();
}
