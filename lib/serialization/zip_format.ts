/** The fixed numbers of the zip format, and of the way in which PyTorch uses it. */
export const zip = {
  local_signature: 0x04034b50,
  local_size: 30,
  descriptor_signature: 0x08074b50,
  central_signature: 0x02014b50,
  central_size: 46,
  end64_signature: 0x06064b50,
  end64_size: 56,
  locator_signature: 0x07064b50,
  locator_size: 20,
  end_signature: 0x06054b50,
  end_size: 22,
  /** The extra field with numbers that need 64 bits. */
  extra64: 0x0001,
  /** PyTorch's own extra field, "FB", that fills up a header so that data begins at a round offset. */
  extra_padding: 0x4246,
  stored: 0,
  deflated: 8,
  /** Names are UTF-8. */
  utf8: 0x0800,
  /** Sizes and checksum come after the data. */
  described_later: 0x0008,
  max16: 0xffff,
  max32: 0xffffffff,
} as const;
