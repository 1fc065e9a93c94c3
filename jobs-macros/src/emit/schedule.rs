//! Emits when a job recurs.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Path;

use crate::model::{MissedTicks, Schedule, Ticks};

/// The call that sets the schedule.
pub(crate) fn call(jobs: &Path, schedule: &Schedule) -> TokenStream {
    let ticks = match &schedule.ticks {
        Ticks::Cron { line, zone } => {
            let zone = zone.as_ref().map(|zone| quote!(.zone(#zone)));
            quote!(cron(#line) #zone)
        }
        Ticks::Every(duration) => quote!(every(#duration)),
    };
    let missed = schedule.missed.map(|missed| match missed {
        MissedTicks::Skip => quote!(.missed(#jobs::recurring::MissedTicks::Skip)),
        MissedTicks::Once => quote!(.missed(#jobs::recurring::MissedTicks::Once)),
        MissedTicks::All(count) => quote!(.missed(#jobs::recurring::MissedTicks::All(#count))),
    });
    quote!(.recurs(#jobs::recurring::JobSchedule::#ticks #missed))
}
