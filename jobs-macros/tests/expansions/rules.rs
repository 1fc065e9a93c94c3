#[job(
    timeout = 1h30m,
    retry_on(Error::Gateway(code) if *code > 400, wait = 30s, attempts = 3, jitter = 0.5),
    retry_on(io::Error, wait = exponentially_longer, exhausted = told),
    retry_on(TimedOut | Panic | fmt::Error, wait = longer, attempts = unlimited, queue = "slow", priority = -1),
    discard_on(when is_bad, tell = told),
    rescue_from(cause Refused, with = told),
    discard_on(DeserializeError),
    retry_on(any, wait = LONG),
    after_discard(told),
)]
async fn deliver(to: u64) -> Result<(), Error> {
    Ok(())
}
