//! The layout of every page: head, navigation, flash message.

use maud::{DOCTYPE, Markup, html};

use crate::assets::{ICON, SCRIPT, STYLE};
use crate::request::context::RequestContext;

/// The pages in the navigation.
const PAGES: [(&str, &str); 7] = [
    ("/", "Overview"),
    ("/jobs", "Jobs"),
    ("/failures", "Failures"),
    (FIGURES, "Figures"),
    ("/queues", "Queues"),
    (RECURRING, "Recurring"),
    ("/processes", "Processes"),
];

/// Only for stores that support recurring tasks.
const RECURRING: &str = "/recurring";

/// Only for stores that keep figures.
const FIGURES: &str = "/figures";

/// A page with its title and its body. Without access, the page has no navigation.
pub(crate) fn page(ctx: &RequestContext, title: &str, has_access: bool, body: &Markup) -> Markup {
    render(ctx, title, has_access, false, body)
}

/// A page that reloads itself, also without scripts, because its content changes soon.
pub(crate) fn refreshing(ctx: &RequestContext, title: &str, body: &Markup) -> Markup {
    render(ctx, title, true, true, body)
}

fn render(ctx: &RequestContext, title: &str, has_access: bool, refreshes: bool, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" data-theme=(ctx.theme.name()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                @if refreshes { noscript { meta http-equiv="refresh" content="2"; } }
                title { (title) " · " (ctx.title) }
                link rel="stylesheet" href=(ctx.url(&STYLE.path()));
                link rel="icon" type="image/svg+xml" href=(ctx.url(&ICON.path()));
                script src=(ctx.url(&SCRIPT.path())) defer {}
            }
            body data-live=(ctx.url("/live")) {
                a.skip href="#content" { "Skip to content" }
                (head(ctx, has_access))
                main id="content" tabindex="-1" {
                    @if let Some(flash) = &ctx.flash {
                        p.flash role="status" { (flash) }
                    }
                    (body)
                }
            }
        }
    }
}

fn head(ctx: &RequestContext, has_access: bool) -> Markup {
    html! {
        header.head {
            a.name href=(ctx.url("/")) { (ctx.title) }
            @if has_access {
                nav aria-label="Pages" {
                    @for (path, name) in PAGES.into_iter().filter(|(path, _)| is_there(ctx, path)) {
                        a href=(ctx.url(path)) aria-current=[is_current(ctx, path).then_some("page")] { (name) }
                    }
                }
            }
            span.live #live role="status" {}
            button.pause #pause type="button" hidden { "Pause" }
            @if has_access {
                a.help href=(ctx.url("/help")) aria-label="Keys and colours" title="Keys and colours" { "?" }
            }
            @if ctx.read_only { span.badge { "read-only" } }
            @if let Some(actor) = &ctx.actor { span.actor { (actor.name()) } }
        }
    }
}

/// Whether the store has what a page shows.
fn is_there(ctx: &RequestContext, path: &str) -> bool {
    match path {
        RECURRING => ctx.has_recurring,
        FIGURES => ctx.has_figures,
        _ => true,
    }
}

fn is_current(ctx: &RequestContext, path: &str) -> bool {
    if path == "/" { ctx.path == "/" } else { ctx.path.starts_with(path) }
}
