//! The page with the keys, and the form that chooses the colours.

use axum::Extension;
use axum::response::Response;
use maud::html;

use super::forms::form;
use super::{PageResult, layout};
use crate::error::HttpError;
use crate::request::context::RequestContext;
use crate::request::fields::Fields;
use crate::security::theme::Theme;

/// The keys with what they do.
const KEYS: [(&str, &str); 10] = [
    ("g o", "overview"),
    ("g j", "jobs"),
    ("g f", "failures"),
    ("g q", "queues"),
    ("g r", "recurring tasks"),
    ("g p", "processes"),
    ("/", "first field of a search"),
    ("n, b", "next page and page before"),
    ("l", "pause or resume live updates"),
    ("?", "this page"),
];

pub(crate) async fn help(ctx: RequestContext) -> PageResult {
    let keys = KEYS.iter().filter(|(key, _)| ctx.has_recurring || *key != "g r");
    let body = html! {
        h1 { "Keys and colours" }
        div.columns {
            section aria-labelledby="keys" {
                h2 #keys { "Keys" }
                p.prose { "They work where scripts run and no field has the focus." }
                dl.facts { @for (key, action) in keys { dt { kbd { (key) } } dd { (action) } } }
            }
            section aria-labelledby="colours" {
                h2 #colours { "Colours" }
                p.prose { "The choice is kept in a cookie of this browser." }
                (form(&ctx, "/theme", &[], &html! {
                    @for theme in Theme::ALL {
                        button name="theme" value=(theme.name()) aria-pressed=(theme == ctx.theme) { (theme.label()) }
                    }
                }))
            }
        }
    };
    Ok(layout::page(&ctx, "Keys and colours", true, &body))
}

/// Keeps the chosen colours in a cookie.
pub(crate) async fn choose_theme(ctx: RequestContext, fields: Extension<Fields>) -> Result<Response, HttpError> {
    let theme = fields.value("theme").and_then(Theme::parse);
    let theme = theme.ok_or_else(|| HttpError::invalid("The field `theme` is `system`, `light` or `dark`."))?;
    Ok(ctx.with_theme(theme, &ctx.url("/help")))
}
