/// What is done to a mark in one step on the server. `KEYS`: the mark, the owner's answer; `ARGV[1]`: the owner.
enum RedisMarkScript: String {
    /// `ARGV[2]`: the mark's lifetime in ms. Nil: it is the caller's; else the owner, who now knows that somebody waits.
    case claim = """
        if redis.call('HSETNX', KEYS[1], 'owner', ARGV[1]) == 1 then
          redis.call('PEXPIRE', KEYS[1], ARGV[2])
          return false
        end
        redis.call('HSET', KEYS[1], 'awaited', '1')
        return redis.call('HGET', KEYS[1], 'owner')
        """

    /// The answer; 0: still held; nil: neither.
    case look = """
        local answer = redis.call('GET', KEYS[2])
        if answer then return answer end
        if redis.call('HGET', KEYS[1], 'owner') == ARGV[1] then return 0 end
        return false
        """

    /// 1: it is awaited, and stays; 0: it is ended, or was somebody else's.
    case endUnlessAwaited = """
        if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[1] then return 0 end
        if redis.call('HEXISTS', KEYS[1], 'awaited') == 1 then return 1 end
        redis.call('DEL', KEYS[1])
        return 0
        """

    /// `ARGV[2]`: how long the answer stays, in ms; `ARGV[3]`: the answer.
    case publish = """
        if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[1] then return 0 end
        redis.call('SET', KEYS[2], ARGV[3], 'PX', ARGV[2])
        redis.call('DEL', KEYS[1])
        return 1
        """

    case release = """
        if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[1] then return 0 end
        return redis.call('DEL', KEYS[1])
        """
}
