//! Forms: only those that a page of the dashboard drew are taken.

use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use jobs_dashboard::Action;

use crate::stage::{Asked, Stage, TOKEN};

async fn is_paused(stage: &Stage) -> bool {
    let queues = stage.store.inspect().unwrap().queues().await.unwrap();
    queues.iter().any(|queue| queue.name == "mail" && queue.paused)
}

#[tokio::test]
async fn a_queue_is_paused_and_resumed_and_the_page_says_so() {
    let stage = Stage::open();
    let page = stage.done("/queues/pause", "queue=mail").await;
    assert!(page.contains("The queue mail is paused: what runs goes on, nothing more is claimed."), "{page}");
    assert!(is_paused(&stage).await);
    let page = stage.done("/queues/pause", "queue=mail").await;
    assert!(page.contains("The queue mail was paused already."), "{page}");
    let page = stage.done("/queues/resume", "queue=mail").await;
    assert!(page.contains("The queue mail is worked on again."), "{page}");
    assert!(!is_paused(&stage).await);
}

#[tokio::test]
async fn a_form_without_its_token_changes_nothing() {
    let stage = Stage::open();
    let form = || Asked::form("/queues/pause", "queue=mail");
    let other = "f".repeat(TOKEN.len());
    for (what, asked) in [
        ("no field", form().body("queue=mail")),
        ("an empty field", form().body("token=&queue=mail")),
        ("another token", form().body(&format!("token={other}&queue=mail"))),
        ("the beginning of the token", form().body(&format!("token={}&queue=mail", &TOKEN[..42]))),
        ("no cookie", form().without("cookie")),
        ("another cookie", form().header("cookie", &format!("jobs_token={other}"))),
        ("a cookie that is none", form().header("cookie", "jobs_token=x").body("token=x&queue=mail")),
        ("an empty cookie", form().header("cookie", "jobs_token=").body("token=&queue=mail")),
    ] {
        let told = stage.send(asked).await;
        assert_eq!(told.status, StatusCode::FORBIDDEN, "{what}");
        assert!(!is_paused(&stage).await, "{what}");
    }
}

#[tokio::test]
async fn a_form_of_another_site_changes_nothing_even_with_the_token() {
    let stage = Stage::open();
    let form = || Asked::form("/queues/pause", "queue=mail");
    let plain = || form().without("sec-fetch-site");
    for (what, asked) in [
        ("of another site", form().header("sec-fetch-site", "cross-site")),
        ("of another host of the site", form().header("sec-fetch-site", "same-site")),
        ("of another origin", plain().header("origin", "http://evil.example.com")),
        ("of another port", plain().header("origin", "http://localhost:4001")),
        ("of a hidden origin", plain().header("origin", "null")),
    ] {
        let told = stage.send(asked).await;
        assert_eq!(told.status, StatusCode::FORBIDDEN, "{what}");
        assert!(!is_paused(&stage).await, "{what}");
    }
    // Older browsers say nothing of where a form comes from.
    let told = stage.send(plain().without("origin")).await;
    assert_eq!(told.status, StatusCode::SEE_OTHER);
    assert!(is_paused(&stage).await);
}

#[tokio::test]
async fn the_token_of_a_page_is_in_its_forms_and_in_a_cookie_that_no_script_reads() {
    let stage = Stage::open();
    stage.store.manage().unwrap().pause("mail").await.unwrap();
    let told = stage.send(Asked::page("/queues")).await;
    let line = told.header("set-cookie");
    assert!(line.contains("HttpOnly") && line.contains("SameSite=Strict") && !line.contains("Secure"), "{line}");
    let token = told.cookie("jobs_token").unwrap();
    assert!(told.body.contains(&format!("name=\"token\" value=\"{token}\"")));

    let told = stage.send(Asked::page("/queues").header("cookie", &format!("a=b; jobs_token={TOKEN}"))).await;
    assert_eq!(told.cookie("jobs_token"), None, "a browser keeps its token");
    assert!(told.body.contains(TOKEN));
}

#[tokio::test]
async fn behind_tls_the_cookie_is_bound_to_the_host_and_to_tls() {
    let stage = Stage::open();
    let told = stage.send(Asked::page("/queues").header("x-forwarded-proto", "https")).await;
    let line = told.header("set-cookie");
    assert!(line.starts_with("__Host-jobs_token=") && line.contains("; Secure"), "{line}");
    assert!(line.contains("Path=/;"), "{line}");
    // A cookie that was set without TLS, perhaps by somebody else, is not the token.
    let form = Asked::form("/queues/pause", "queue=mail").header("x-forwarded-proto", "https");
    assert_eq!(stage.send(form).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn two_browsers_have_two_tokens() {
    let stage = Stage::open();
    let one = stage.send(Asked::page("/")).await;
    let other = stage.send(Asked::page("/")).await;
    assert_ne!(one.cookie("jobs_token").unwrap(), other.cookie("jobs_token").unwrap());
}

#[tokio::test]
async fn a_body_that_is_too_large_is_not_read() {
    let stage = Stage::open();
    let form = Asked::form("/queues/pause", &format!("queue={}", "a".repeat(65 * 1024)));
    assert_eq!(stage.send(form).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_name_that_can_be_no_queue_is_refused_in_words() {
    let stage = Stage::open();
    let told = stage.submit("/queues/pause", "queue=a%20b").await;
    assert_eq!(told.status, StatusCode::BAD_REQUEST);
    assert!(told.body.contains("cannot be the name of a queue"), "{}", told.body);
    assert_eq!(stage.submit("/queues/pause", "").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn each_action_is_told_to_whoever_keeps_records_with_who_did_it() {
    let heard = Arc::new(Mutex::new(Vec::<Action>::new()));
    let ears = Arc::clone(&heard);
    let stage = Stage::with(|it| {
        it.password("ops", "secret").on_action(move |action| ears.lock().unwrap().push(action.clone()))
    });
    let form = Asked::form("/queues/pause", "queue=mail").header("authorization", "Basic b3BzOnNlY3JldA==");
    let _paused = stage.send(form).await;
    let heard = heard.lock().unwrap();
    let [action] = heard.as_slice() else { panic!("{heard:?}") };
    assert_eq!(action.actor.as_ref().unwrap().name(), "ops");
    assert_eq!((action.verb, action.object.as_str(), action.touched), ("pause", "the queue mail", 1));
    assert_eq!(action.to_string(), "ops did pause to the queue mail: 1 touched");
}

#[tokio::test]
async fn nobody_writes_lines_of_their_own_into_the_records() {
    let heard = Arc::new(Mutex::new(String::new()));
    let ears = Arc::clone(&heard);
    let stage = Stage::with(|it| {
        it.without_authentication().on_action(move |action| *ears.lock().unwrap() = action.to_string())
    });
    let _resumed = stage.submit("/queues/resume", "queue=a%0Ab%1B%5B31m").await;
    assert_eq!(*heard.lock().unwrap(), r"Somebody did resume to the queue a\nb\u{1b}[31m: 0 touched");
}
