# Enqueues COUNT jobs of each kind for Rust.
require_relative "jobs"

count = Integer(ARGV.fetch(0))
(1..count).each do |n|
  Sidekiq::Client.push("class" => "RustPlain", "queue" => "rust", "args" => ["plain-#{n}", n])
  Sidekiq::Client.push("class" => "RustFlaky", "queue" => "rust", "args" => ["flaky-#{n}"], "retry" => 3)
  Sidekiq::Client.push("class" => "RustDying", "queue" => "rust", "args" => ["dying-#{n}"], "retry" => 0) if (n % 10).zero?
  RustActiveJob.perform_later("active-#{n}", number: n)
  RustActiveJob.set(wait: 1).perform_later("active-later-#{n}", number: n)
  Sidekiq::Client.push("class" => "RustPlain", "queue" => "rust", "args" => ["later-#{n}", n], "at" => Time.now.to_f + 1 + n % 3)
end
Sidekiq::Client.push_bulk("class" => "RustPlain", "queue" => "rust", "args" => (1..count).map { |n| ["bulk-#{n}", n] })
