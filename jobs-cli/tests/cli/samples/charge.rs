//! The job `Billing::ChargeJob`, which Ruby performs. It is declared in `app/jobs/billing/charge_job.rb`.

// The types are guessed from the names and the defaults in Ruby: correct those that do not fit.
/// Enqueues the job `Billing::ChargeJob` of Ruby.
#[jobs::remote(name = "Billing::ChargeJob", queue = "payments")]
pub fn charge(
    order_id: u64,
    #[default] method: Option<jobs::active_job::ruby::Symbol>,
    #[keyword] amount: jobs::active_job::Value,
    #[keyword] #[default] note: Option<String>,
    #[keyword] #[default] r#type: Option<jobs::active_job::Value>,
);

// `Billing::ManyJob` is not declared: `*ids` takes any number of arguments; name them in Ruby, or pass an array as one argument
