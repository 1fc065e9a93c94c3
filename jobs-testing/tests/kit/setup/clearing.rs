//! Forgetting between two steps of a test.

use crate::fixture::{Pay, Resize, SendMail, mail, picture, plain};

#[tokio::test]
async fn cleared_enqueued_jobs_are_seen_no_more_and_never_performed() {
    let (test, _entered) = plain();
    mail(1).await;
    SendMail::perform_later(2).wait(std::time::Duration::from_secs(60)).await.unwrap();
    test.clear_enqueued_jobs();
    test.assert_no_enqueued_jobs();
    assert!(test.discarded_jobs().is_empty());
    let counts = test.client().store().inspect().unwrap().counts().await.unwrap();
    assert_eq!(counts.pending(), 0, "the store has dropped them too");
    assert_eq!(test.perform_enqueued_jobs().until_empty().await.unwrap(), 0);
    mail(3).await;
    test.assert_enqueued_jobs(1);
}

#[tokio::test]
async fn clearing_a_view_leaves_the_others() {
    let (test, _entered) = plain();
    mail(1).await;
    picture("cat.png").await;
    test.only::<SendMail>().clear_enqueued_jobs();
    test.assert_enqueued_with(Resize::new("cat.png"));
    test.assert_enqueued_jobs(1);
    test.perform_enqueued_jobs().await.unwrap();
    test.only::<SendMail>().clear_performed_jobs();
    test.assert_performed_jobs(1);
    test.clear_performed_jobs();
    test.assert_no_performed_jobs();
}

#[tokio::test]
async fn failed_and_discarded_jobs_can_be_cleared_and_all_at_once() {
    let (test, _entered) = plain();
    for _ in 0..2 {
        mail(0).await;
        Pay::perform_later(0, "").await.unwrap();
        test.perform_enqueued_jobs().and_keep_failures().await.unwrap();
        mail(1).await;
        assert_eq!((test.failed_jobs().len(), test.discarded_jobs().len()), (1, 1));
        test.clear_failed_jobs();
        assert_eq!((test.failed_jobs().len(), test.discarded_jobs().len()), (0, 1));
        test.clear();
        assert!(test.discarded_jobs().is_empty());
        test.assert_no_enqueued_jobs();
        test.assert_no_performed_jobs();
    }
}
