//! What stands around every page.

use maud::{DOCTYPE, Markup, html};

use crate::assets::{ICON, SCRIPT, STYLE};
use crate::visit::Visit;

/// The pages that one gets to from everywhere.
const PAGES: [(&str, &str); 5] = [
    ("/", "Overview"),
    ("/jobs", "Jobs"),
    ("/queues", "Queues"),
    (RECURRING, "Recurring"),
    ("/processes", "Processes"),
];

/// Not every store has it.
const RECURRING: &str = "/recurring";

/// A page with its title and its body. `is_known` is whether whoever asks may see more than this page.
pub(crate) fn page(visit: &Visit, title: &str, is_known: bool, body: &Markup) -> Markup {
    whole(visit, title, is_known, false, body)
}

/// A page that is soon another one: it loads itself again also without scripts.
pub(crate) fn changing(visit: &Visit, title: &str, body: &Markup) -> Markup {
    whole(visit, title, true, true, body)
}

fn whole(visit: &Visit, title: &str, is_known: bool, is_changing: bool, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                @if is_changing { noscript { meta http-equiv="refresh" content="2"; } }
                title { (title) " · " (visit.title) }
                link rel="stylesheet" href=(visit.to(&STYLE.path()));
                link rel="icon" type="image/svg+xml" href=(visit.to(&ICON.path()));
                script src=(visit.to(&SCRIPT.path())) defer {}
            }
            body data-live=(visit.to("/live")) {
                a.skip href="#content" { "Skip to content" }
                (head(visit, is_known))
                main id="content" tabindex="-1" {
                    @if let Some(told) = &visit.told {
                        p.told role="status" { (told) }
                    }
                    (body)
                }
            }
        }
    }
}

fn head(visit: &Visit, is_known: bool) -> Markup {
    html! {
        header.head {
            a.name href=(visit.to("/")) { (visit.title) }
            @if is_known {
                nav aria-label="Pages" {
                    @for (path, name) in PAGES.into_iter().filter(|(path, _)| visit.recurs || *path != RECURRING) {
                        a href=(visit.to(path)) aria-current=[is_here(visit, path).then_some("page")] { (name) }
                    }
                }
            }
            span.live #live role="status" {}
            @if visit.read_only { span.badge { "read-only" } }
            @if let Some(actor) = &visit.actor { span.actor { (actor.name()) } }
        }
    }
}

fn is_here(visit: &Visit, path: &str) -> bool {
    if path == "/" { visit.path == "/" } else { visit.path.starts_with(path) }
}
