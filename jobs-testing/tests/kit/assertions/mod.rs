//! What the assertions and lists of `TestJobs` see, and what their messages say.

mod enqueued;
mod enqueued_with;
mod filters;
mod messages;
mod performed;
mod performed_with;
