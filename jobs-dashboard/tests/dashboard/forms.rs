//! Forms: only forms from pages of the dashboard are accepted.

use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use jobs_dashboard::Action;

use crate::fixture::{Fixture, TOKEN, TestRequest};

async fn is_paused(fixture: &Fixture) -> bool {
    let queues = fixture.store.inspect().unwrap().queues().await.unwrap();
    queues.iter().any(|queue| queue.name == "mail" && queue.paused)
}

#[tokio::test]
async fn a_queue_is_paused_and_resumed_with_a_message() {
    let fixture = Fixture::open();
    let page = fixture.done("/queues/pause", "queue=mail").await;
    assert!(page.contains("The queue mail is paused: running jobs continue, and no more jobs are claimed."), "{page}");
    assert!(is_paused(&fixture).await);
    let page = fixture.done("/queues/pause", "queue=mail").await;
    assert!(page.contains("The queue mail was already paused."), "{page}");
    let page = fixture.done("/queues/resume", "queue=mail").await;
    assert!(page.contains("The queue mail is resumed."), "{page}");
    assert!(!is_paused(&fixture).await);
}

#[tokio::test]
async fn a_form_without_its_token_changes_nothing() {
    let fixture = Fixture::open();
    let form = || TestRequest::form("/queues/pause", "queue=mail");
    let other = "f".repeat(TOKEN.len());
    for (what, request) in [
        ("no field", form().body("queue=mail")),
        ("an empty field", form().body("csrf_token=&queue=mail")),
        ("another token", form().body(format!("csrf_token={other}&queue=mail"))),
        ("the beginning of the token", form().body(format!("csrf_token={}&queue=mail", &TOKEN[..42]))),
        ("no cookie", form().without("cookie")),
        ("another cookie", form().header("cookie", &format!("jobs_csrf={other}"))),
        ("a cookie that is not a token", form().header("cookie", "jobs_csrf=x").body("csrf_token=x&queue=mail")),
        ("an empty cookie", form().header("cookie", "jobs_csrf=").body("csrf_token=&queue=mail")),
    ] {
        let response = fixture.send(request).await;
        assert_eq!(response.status, StatusCode::FORBIDDEN, "{what}");
        assert!(!is_paused(&fixture).await, "{what}");
    }
}

#[tokio::test]
async fn a_form_of_another_site_changes_nothing_even_with_the_token() {
    let fixture = Fixture::open();
    let form = || TestRequest::form("/queues/pause", "queue=mail");
    let plain = || form().without("sec-fetch-site");
    for (what, request) in [
        ("of another site", form().header("sec-fetch-site", "cross-site")),
        ("of another host of the site", form().header("sec-fetch-site", "same-site")),
        ("of another origin", plain().header("origin", "http://evil.example.com")),
        ("of another port", plain().header("origin", "http://localhost:4001")),
        ("of a hidden origin", plain().header("origin", "null")),
    ] {
        let response = fixture.send(request).await;
        assert_eq!(response.status, StatusCode::FORBIDDEN, "{what}");
        assert!(!is_paused(&fixture).await, "{what}");
    }
}

/// A form of an old browser, which does not send the origin, with this token in its field and its cookie.
fn without_origin(token: &str) -> TestRequest {
    let form = TestRequest::form("/queues/pause", "").without("sec-fetch-site").without("origin");
    form.header("cookie", &format!("jobs_csrf={token}")).body(format!("csrf_token={token}&queue=mail"))
}

#[tokio::test]
async fn without_an_origin_a_form_needs_a_token_that_the_dashboard_made() {
    let fixture = Fixture::open();
    let own = fixture.send(without_origin(TOKEN)).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN, "a neighbouring host could have set this cookie");
    assert!(!is_paused(&fixture).await);
    let renewed = own.cookie("jobs_csrf").unwrap();
    let page = fixture.send(TestRequest::page("/queues")).await;
    for token in [renewed, page.cookie("jobs_csrf").unwrap()] {
        assert_eq!(fixture.send(without_origin(token)).await.status, StatusCode::SEE_OTHER);
    }
    let changed = format!("A{}", &renewed[1..]);
    let changed = if changed == renewed { format!("B{}", &renewed[1..]) } else { changed };
    assert_eq!(fixture.send(without_origin(&changed)).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_token_is_bound_to_its_user() {
    let fixture = Fixture::with(|it| it.password("ops", "secret").password("ada", "secret"));
    let sign_in = |request: TestRequest, login: &str| request.header("authorization", &format!("Basic {login}"));
    let (ops, ada) = ("b3BzOnNlY3JldA==", "YWRhOnNlY3JldA==");
    let page = fixture.send(sign_in(TestRequest::page("/queues"), ops)).await;
    let token = page.cookie("jobs_csrf").unwrap();
    assert_eq!(fixture.send(sign_in(without_origin(token), ada)).await.status, StatusCode::FORBIDDEN);
    assert_eq!(fixture.send(sign_in(without_origin(token), ops)).await.status, StatusCode::SEE_OTHER);
    assert_eq!(fixture.send(TestRequest::page("/")).await.cookie("jobs_csrf"), None, "strangers get none");
}

#[tokio::test]
async fn the_token_is_in_the_forms_and_in_a_cookie_that_scripts_cannot_read() {
    let fixture = Fixture::open();
    fixture.store.manage().unwrap().pause("mail").await.unwrap();
    let response = fixture.send(TestRequest::page("/queues")).await;
    let line = response.header("set-cookie");
    assert!(line.contains("HttpOnly") && line.contains("SameSite=Strict") && !line.contains("Secure"), "{line}");
    let token = response.cookie("jobs_csrf").unwrap();
    assert!(response.body.contains(&format!("name=\"csrf_token\" value=\"{token}\"")));

    let response =
        fixture.send(TestRequest::page("/queues").header("cookie", &format!("a=b; jobs_csrf={TOKEN}"))).await;
    assert_eq!(response.cookie("jobs_csrf"), None, "a browser keeps its token");
    assert!(response.body.contains(TOKEN));
}

#[tokio::test]
async fn behind_tls_the_cookie_is_bound_to_the_host_and_to_tls() {
    let fixture = Fixture::open();
    let response = fixture.send(TestRequest::page("/queues").header("x-forwarded-proto", "https")).await;
    let line = response.header("set-cookie");
    assert!(line.starts_with("__Host-jobs_csrf=") && line.contains("; Secure"), "{line}");
    assert!(line.contains("Path=/;"), "{line}");
    // A cookie that was set without TLS is not accepted: an attacker on plain HTTP may have set it.
    let form = TestRequest::form("/queues/pause", "queue=mail").header("x-forwarded-proto", "https");
    assert_eq!(fixture.send(form).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn two_browsers_have_two_tokens() {
    let fixture = Fixture::open();
    let one = fixture.send(TestRequest::page("/")).await;
    let other = fixture.send(TestRequest::page("/")).await;
    assert_ne!(one.cookie("jobs_csrf").unwrap(), other.cookie("jobs_csrf").unwrap());
}

#[tokio::test]
async fn a_body_that_is_too_large_is_not_read() {
    let fixture = Fixture::open();
    let form = TestRequest::form("/queues/pause", &format!("queue={}", "a".repeat(65 * 1024)));
    assert_eq!(fixture.send(form).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn an_invalid_queue_name_is_explained() {
    let fixture = Fixture::open();
    let response = fixture.submit("/queues/pause", "queue=a%20b").await;
    assert_eq!(response.status, StatusCode::BAD_REQUEST);
    let expected = fixture.store.manage().unwrap().pause("a b").await.unwrap_err().to_string();
    assert!(expected.contains("`a b`") && response.body.contains(&expected), "{}", response.body);
    assert_eq!(fixture.submit("/queues/pause", "").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_hook_is_called_with_each_action_and_its_user() {
    let actions = Arc::new(Mutex::new(Vec::<Action>::new()));
    let recorder = Arc::clone(&actions);
    let fixture = Fixture::with(|it| {
        it.password("ops", "secret").on_action(move |action| recorder.lock().unwrap().push(action.clone()))
    });
    let form = TestRequest::form("/queues/pause", "queue=mail").header("authorization", "Basic b3BzOnNlY3JldA==");
    let _paused = fixture.send(form).await;
    let actions = actions.lock().unwrap();
    let [action] = actions.as_slice() else { panic!("{actions:?}") };
    assert_eq!(action.actor.as_ref().unwrap().name(), "ops");
    assert_eq!((action.verb, action.object.as_str(), action.changed), ("pause", "the queue mail", 1));
    assert_eq!(action.to_string(), "ops requested pause of the queue mail: 1 changed");
}

#[tokio::test]
async fn a_user_cannot_forge_lines_of_the_log() {
    let actions = Arc::new(Mutex::new(String::new()));
    let recorder = Arc::clone(&actions);
    let fixture = Fixture::with(|it| {
        it.without_authentication().on_action(move |action| *recorder.lock().unwrap() = action.to_string())
    });
    let _resumed = fixture.submit("/queues/resume", "queue=a%0Ab%1B%5B31m").await;
    assert_eq!(*actions.lock().unwrap(), r"An anonymous user requested resume of the queue a\nb\u{1b}[31m: 0 changed");
}
