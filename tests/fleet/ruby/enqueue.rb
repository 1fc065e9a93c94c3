# Enqueues COUNT jobs of each kind: for Rust if the first argument is "rust", for Ruby if it is "ruby".
require_relative "jobs"

side, count = ARGV.fetch(0), Integer(ARGV.fetch(1))

if side == "rust"
  (1..count).each do |n|
    Sidekiq::Client.push("class" => "RustPlain", "queue" => "rust", "args" => ["plain-#{n}", n])
    Sidekiq::Client.push("class" => "RustFlaky", "queue" => "rust", "args" => ["flaky-#{n}"], "retry" => 3)
    Sidekiq::Client.push("class" => "RustDying", "queue" => "rust", "args" => ["dying-#{n}"], "retry" => 0) if (n % 10).zero?
    Sidekiq::Client.push("class" => "RustPlain", "queue" => "rust", "args" => ["later-#{n}", n], "at" => Time.now.to_f + 1 + n % 3)
  end
  Sidekiq::Client.push_bulk("class" => "RustPlain", "queue" => "rust", "args" => (1..count).map { |n| ["bulk-#{n}", n] })
else
  (1..count).each do |n|
    RubyPlain.perform_async("plain-#{n}", n)
    RubyFlaky.perform_async("flaky-#{n}")
    RubyPlain.perform_in(1 + n % 3, "later-#{n}")
    RubyActiveJob.perform_later("active-#{n}", :symbol, time: Time.now)
  end
end
