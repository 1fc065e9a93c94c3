//! Named arguments of plain jobs: Ruby passes them as a hash with texts as keys, at the end.

use std::collections::BTreeMap;

use jobs::Error;
use jobs::prelude::*;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::STORES;
use crate::server::OwnServer;

type Seen = (u64, String, Option<u32>);

/// Says with which arguments it was called.
#[job(name = "ReportJob")]
async fn report(
    order: u64,
    #[keyword] title: String,
    #[keyword]
    #[default]
    copies: Option<u32>,
    seen: &UnboundedSender<Seen>,
) -> Result<(), Error> {
    let _received = seen.send((order, title, copies));
    Ok(())
}

/// Takes the same hash as one argument.
#[jobs::remote(name = "MailJob", queue = "mailers")]
fn mail(order: u64, options: BTreeMap<String, String>);

#[jobs::remote(name = "MailJob", queue = "mailers")]
fn mail_with_keyword(order: u64, #[keyword] title: String);

/// The URL, and where a job of Ruby is pushed, of each store.
fn of_store(store: &str, server: &OwnServer) -> (String, &'static str, &'static str) {
    let url = format!("{store}+{}", server.address());
    if store == "resque" { (url, "RPUSH", "resque:queue:") } else { (url, "LPUSH", "queue:") }
}

async fn runtime(url: &str, seen: UnboundedSender<Seen>) -> jobs::RuntimeHandle {
    let builder = Runtime::builder().connect(url).register(jobs::jobs![Report]).provide(seen);
    builder.worker(Worker::new(["default"])).build().await.unwrap().start().await.unwrap()
}

async fn next(seen: &mut UnboundedReceiver<Seen>) -> Seen {
    tokio::time::timeout(std::time::Duration::from_secs(60), seen.recv()).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_last_hash_of_ruby_is_the_named_arguments_of_a_job_of_rust() {
    for store in STORES {
        let Some(server) = OwnServer::new().await else { return };
        let (url, push, key) = of_store(store, &server);
        let (sender, mut seen) = unbounded_channel();
        let handle = runtime(&url, sender).await;
        for args in [r#"[7,{"title":"November","copies":2}]"#, r#"[7,{"title":"November"}]"#, r#"[7,"November",2]"#] {
            let text = format!(r#"{{"class":"ReportJob","args":{args}}}"#);
            let _: i64 = server.run(&[push, &format!("{key}default"), &text]).await;
            let copies = args.contains('2').then_some(2);
            assert_eq!(next(&mut seen).await, (7, "November".to_owned(), copies), "{store}: {args}");
        }
        handle.stop().await;
    }
}

#[tokio::test]
async fn a_hash_for_ruby_is_an_argument_and_keywords_are_refused() {
    for store in STORES {
        let Some(server) = OwnServer::new().await else { return };
        let (url, _, key) = of_store(store, &server);
        let handle = runtime(&url, unbounded_channel().0).await;
        let options = BTreeMap::from([("title".to_owned(), "November".to_owned())]);
        let _stored = Mail::perform_later(7, options).on(&handle.client()).await.unwrap();
        let text: String = server.run(&["LINDEX", &format!("{key}mailers"), "0"]).await;
        assert!(text.contains(r#""args":[7,{"title":"November"}]"#), "{text}");
        let error = MailWithKeyword::perform_later(7, "November").on(&handle.client()).await.unwrap_err();
        let told = error.to_string();
        assert!(told.contains("`title`") && told.contains("keyword") && told.contains("hash"), "{told}");
        handle.stop().await;
    }
}
