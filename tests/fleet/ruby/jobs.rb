# The Ruby side of a mixed fleet: its jobs, and the ledger in which each side notes down what it performed.
# Environment: REDIS_URL is Sidekiq's database, LEDGER_URL another one.
require "sidekiq"
require "active_job"

ActiveJob::Base.queue_adapter = :sidekiq
ActiveJob::Base.logger = Logger.new(File::NULL)

# The texts `<side> <key>` of the jobs that ended.
module Ledger
  def self.call(*words)
    @redis ||=
      if defined?(RedisClient)
        RedisClient.config(url: ENV.fetch("LEDGER_URL")).new_pool(size: 12)
      else
        ConnectionPool.new(size: 12) { Redis.new(url: ENV.fetch("LEDGER_URL")) }
      end
    @redis.with { |it| it.call(*words) }
  end

  def self.ended(key)
    call("RPUSH", "ended", "ruby #{key}")
    call("SADD", "ended once", "ruby #{key}")
  end
end

# A plain Sidekiq job.
class RubyPlain
  include Sidekiq::Job
  sidekiq_options queue: "ruby", retry: 3

  def perform(key, *_rest)
    Ledger.ended(key)
  end
end

# Takes a while.
class RubySlow
  include Sidekiq::Job
  sidekiq_options queue: "ruby", retry: 3

  def perform(key)
    sleep 0.05
    Ledger.ended(key)
  end
end

# Fails at its first run, ends at its second.
class RubyFlaky
  include Sidekiq::Job
  sidekiq_options queue: "ruby", retry: 3, backtrace: true
  sidekiq_retry_in { 1 }

  def perform(key)
    raise ArgumentError, "the first run of #{key} fails" if Ledger.call("SETNX", "flaky #{key}", 1) == 1

    Ledger.ended(key)
  end
end

# Fails at every run, and is not retried.
class RubyOnce
  include Sidekiq::Job
  sidekiq_options queue: "ruby", retry: 0

  def perform(key)
    raise ArgumentError, "each run of #{key} fails"
  end
end

# An Active Job.
class RubyActiveJob < ActiveJob::Base
  queue_as "ruby"

  def perform(key, number)
    raise "the number was a #{number.class}" unless number.is_a?(Integer)

    Ledger.ended(key)
  end
end

# An Active Job that Rust performs: only its name, queue and parameters are known here.
class RustActiveJob < ActiveJob::Base
  queue_as "rust"

  def perform(key, number:)
    raise "Ruby never performs this"
  end
end

# The polls of a test are short.
settings = lambda do |config|
  config.redis = { url: ENV.fetch("REDIS_URL") }
  if config.respond_to?(:[]=)
    config[:average_scheduled_poll_interval] = 1
    config[:poll_interval_average] = 1
  else
    config.options[:poll_interval_average] = 1
  end
  config.logger.level = Logger::WARN
end
Sidekiq.configure_client { |config| config.redis = { url: ENV.fetch("REDIS_URL") } }
Sidekiq.configure_server(&settings)
