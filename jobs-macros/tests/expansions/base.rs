/// What all jobs share.
#[base(
    base = EveryJob,
    queue = "mail",
    priority = 1,
    timeout = 5m,
    log_arguments = false,
    retry_on(io::Error, wait = polynomially_longer),
    before_perform(check),
    around_perform(measure),
    after_enqueue(on_its_way),
)]
pub struct ApplicationJob;
