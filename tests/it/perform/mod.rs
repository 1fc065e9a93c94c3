//! Performing: now and in a worker, with callbacks, bases, provided values and propagated values.

mod bases;
mod blocking;
mod callback_order;
mod callbacks;
mod conditions;
mod control;
mod expiry;
mod inline_chains;
mod mail;
mod origins;
mod perform_now;
mod propagation;
mod provided;
mod snooze;
mod time_outs;
