//! Forms that change something.

use maud::{Markup, html};

use crate::request::context::RequestContext;
use crate::request::due_time::UNITS;
use crate::security::csrf;

/// A form with its CSRF token and with hidden fields.
pub(super) fn form(ctx: &RequestContext, path: &str, fields: &[(&str, &str)], body: &Markup) -> Markup {
    html! {
        form method="post" action=(ctx.url(path)) {
            input type="hidden" name=(csrf::FIELD) value=(ctx.csrf.as_str());
            @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
            (body)
        }
    }
}

/// The fields for the time at which a job is to run.
pub(super) fn due_time_fields() -> Markup {
    html! {
        div.fields {
            label { "In " input type="number" name="in" min="0" max="999999" inputmode="numeric"; }
            label { span.visually-hidden { "Unit" }
                select name="unit" { @for (unit, _) in UNITS { option selected[unit == "minutes"] { (unit) } } }
            }
            label { "or at (UTC) " input type="datetime-local" name="at"; }
            button.strong { "Reschedule" }
        }
    }
}
