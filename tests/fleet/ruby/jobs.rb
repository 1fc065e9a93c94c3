# The Ruby side of a mixed fleet: its jobs, and the ledger in which each side notes down what it performed.
# Environment: REDIS_URL is Sidekiq's database, LEDGER_URL another one.
require "sidekiq"
require "active_job"

begin
  require "sidekiq/api"
rescue LoadError
  warn "no API"
end

ActiveJob::Base.queue_adapter = :sidekiq
ActiveJob::Base.logger = Logger.new(File::NULL)

# What was begun and what was ended, each as a text `<side> <key>`.
module Ledger
  def self.redis
    @redis ||= RedisClient.config(url: ENV.fetch("LEDGER_URL")).new_pool(size: 12)
  rescue NameError
    require "redis"
    @redis ||= ConnectionPool.new(size: 12) { Redis.new(url: ENV.fetch("LEDGER_URL")) }
  end

  def self.note(list, text)
    redis.with { |it| it.respond_to?(:rpush) ? it.rpush(list, text) : it.call("RPUSH", list, text) }
  end

  def self.perform(key)
    note("begun", "ruby #{key}")
    yield if block_given?
    note("ended", "ruby #{key}")
  end
end

# A plain Sidekiq job.
class RubyPlain
  include Sidekiq::Job
  sidekiq_options queue: "ruby", retry: 3

  def perform(key, *_rest)
    Ledger.perform(key)
  end
end

# Fails at its first run, ends at its second.
class RubyFlaky
  include Sidekiq::Job
  sidekiq_options queue: "ruby", retry: 3, backtrace: true
  sidekiq_retry_in { 1 }

  def perform(key)
    first = Ledger.redis.with { |it| it.respond_to?(:setnx) ? it.setnx("flaky #{key}", 1) : it.call("SETNX", "flaky #{key}", 1) }
    raise ArgumentError, "the first run of #{key} fails" if [1, true].include?(first)

    Ledger.perform(key)
  end
end

# Dies at its first failure.
class RubyDying
  include Sidekiq::Job
  sidekiq_options queue: "ruby", retry: 0

  def perform(key)
    Ledger.note("begun", "ruby #{key}")
    raise "#{key} is given up"
  end
end

# An Active Job, with every kind of argument that both sides know.
class RubyActiveJob < ActiveJob::Base
  queue_as "ruby"

  def perform(key, symbol, time:, note: nil)
    raise "a symbol was #{symbol.class}" unless symbol.is_a?(Symbol)
    raise "a time was #{time.class}" unless time.respond_to?(:to_time)

    Ledger.perform(key)
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
