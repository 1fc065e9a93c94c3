/// What all jobs share.
#[base(
    base = EveryJob,
    queue = "mail",
    priority = 1,
    timeout = 5m,
    log_arguments = false,
    retry_on(io::Error, wait = polynomially_longer),
    jitter = 0.3,
    before_perform(check, if = is_live),
    around_perform(measure),
    around_enqueue(timed, unless = is_test),
    after_enqueue(on_its_way),
    skip(after_perform(log)),
)]
pub struct ApplicationJob;
