//! A search does not tell what is hidden: neither by its answer nor by what it asks of the store.

use std::sync::{Arc, Mutex};

use jobs_core::{Definition, Filter, NewJob, Page, Policy, Registry, State, Store, StoreFuture};
use jobs_dashboard::Dashboard;
use jobs_memory::MemoryStore;
use jobs_testing::plain::{self, id};
use jobs_testing::{ManualClock, PassThrough, PassThroughStore};

use crate::fixture::{Fixture, text};
use crate::secrets::Charge;

/// Records the queries for jobs.
struct Recorded {
    store: MemoryStore,
    filters: Arc<Mutex<Vec<Filter>>>,
}

impl PassThrough for Recorded {
    fn inner(&self) -> &dyn Store {
        &self.store
    }

    fn page<'a>(&'a self, filter: &'a Filter) -> StoreFuture<'a, Page> {
        self.filters.lock().unwrap().push(filter.clone());
        self.store.inspect().unwrap().page(filter)
    }
}

/// 700 jobs named `charge`, with the card 4111 in half of them and the number of the order in the open.
async fn fixture(setup: impl FnOnce(Dashboard) -> Dashboard) -> (Fixture, Arc<Mutex<Vec<Filter>>>) {
    let (clock, filters) = (ManualClock::new(), Arc::default());
    let store = MemoryStore::new(Arc::new(clock.clone()));
    let store = PassThroughStore(Recorded { store, filters: Arc::clone(&filters) });
    let charge = |number: u64| {
        let card = if number.is_multiple_of(2) { "4111" } else { "5500" };
        NewJob::new(id(number), "charge", format!(r#"{{"order":{number},"card":"{card}"}}"#))
    };
    let _stored = store.enqueue(&(1..=700).map(charge).collect::<Vec<_>>()).await.unwrap();
    (Fixture::over(Arc::new(store), clock, |it| setup(it.without_authentication())), filters)
}

fn knowing(dashboard: Dashboard) -> Dashboard {
    dashboard.registry(Registry::of([Definition::of::<Charge>()], &Policy::default()).unwrap()).show_unknown_arguments()
}

/// The queries that a page makes, and the page.
async fn queries(fixture: &Fixture, filters: &Mutex<Vec<Filter>>, path: &str) -> (Vec<Filter>, String) {
    filters.lock().unwrap().clear();
    let page = fixture.page(path).await;
    (std::mem::take(&mut *filters.lock().unwrap()), page)
}

#[tokio::test(start_paused = true)]
async fn a_search_asks_the_store_the_same_whether_hidden_text_matches_or_not() {
    let setups: [fn(Dashboard) -> Dashboard; 2] = [knowing, |unknown| unknown];
    for setup in setups {
        let (fixture, filters) = fixture(setup).await;
        for path in ["/jobs?", "/api/jobs?limit=1&", "/jobs?state=ready&name=charge&", "/bulk/discard?state=ready&"] {
            let (hit, hit_page) = queries(&fixture, &filters, &format!("{path}text=4111")).await;
            let (miss, miss_page) = queries(&fixture, &filters, &format!("{path}text=9999")).await;
            assert!(!hit.is_empty() && hit.iter().all(|filter| filter.text.is_none()), "{path}: {hit:?}");
            assert_eq!(hit, miss, "{path}");
            assert_eq!(hit_page.replace("4111", "9999"), miss_page, "{path}: the answer does not tell either");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_bulk_action_with_a_text_does_not_reach_hidden_text() {
    let (fixture, filters) = fixture(knowing).await;
    let page = fixture.done("/bulk/discard", "state=ready&text=4111").await;
    assert!(page.contains("0 jobs discarded."), "{page}");
    assert!(filters.lock().unwrap().iter().all(|filter| filter.text.is_none()));
    assert_eq!(plain::count(&*fixture.store, State::Ready).await, 700);
}

#[tokio::test(start_paused = true)]
async fn what_is_shown_is_found_on_every_page_of_a_search() {
    let (fixture, _) = fixture(knowing).await;
    let (mut path, mut seen) = ("/jobs?text=order%22%3A6".to_owned(), Vec::new());
    loop {
        let page = fixture.page(&path).await;
        seen.extend((1..=700_u64).filter(|number| page.contains(&format!("/jobs/{}\"", id(*number)))));
        let Some((_, next)) = page.split_once("rel=\"next\" href=\"") else { break };
        path = next.split('"').next().unwrap().replace("&amp;", "&");
    }
    seen.sort_unstable();
    let expected: Vec<u64> = (1..=700).filter(|number| number.to_string().starts_with('6')).collect();
    assert_eq!(seen, expected);
    assert!(text(&fixture.page("/bulk/discard?state=ready&text=order%22%3A6").await).contains("Discard 111 jobs?"));
}

#[tokio::test(start_paused = true)]
async fn a_store_searches_itself_where_nothing_is_hidden() {
    let (fixture, filters) = fixture(Dashboard::show_unknown_arguments).await;
    let (asked, page) = queries(&fixture, &filters, "/api/jobs?name=charge&text=4111&limit=1000").await;
    assert!(asked.iter().all(|filter| filter.text.as_deref() == Some("4111")), "{asked:?}");
    assert_eq!(page.matches("\"job\":\"charge\"").count(), 350);
}
